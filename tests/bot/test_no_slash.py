"""No text a person can type starts an intent, in a conversation or in the middle of a form."""

import random
import string

import pytest
from bot_in_process import InProcessBot, texts
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message

from relais_bot.turn_request import harmless

KNOWN = [
    "/restart",
    "/session_start",
    "/back",
    "/refund",
    "  /refund",
    "\t/refund{}",
    "//refund",
    "/ /refund",
    "\u00a0/refund",
    "\u3000/refund",
    "\u2003 / /refund",
    "/EXTERNAL_refund",
    "/refund@0.2",
    '/track_delivery{"delivery_code": "HACK"}',
    '/track_delivery@0.2{"delivery_code": "HACK"}',
    "/track_delivery;refund",
    "\ufeff/refund",
    "\u200b/refund",
    "\x00/refund",
    "／refund",
    "/",
    "///",
    "\n/\n",
]


def random_texts(count: int) -> list[str]:
    chance = random.Random(20250127)
    blanks = [c for c in map(chr, range(0x3001)) if c.isspace()]
    pieces = [
        "/",
        "/",
        "refund",
        "restart",
        "{}",
        '{"delivery_code": "X"}',
        "@1.0",
        "EXTERNAL_",
        "⁄",
        "\u200b",
        *blanks,
    ]
    letters = [*string.printable, "é", "ا", "😀"]
    made = []
    while len(made) < count:
        text = "".join(chance.choice(chance.choice([pieces, letters])) for _ in range(chance.randint(1, 12)))
        made.append(text)
    return made


@pytest.mark.parametrize("text", KNOWN)
def test_known_tricks_become_plain_text(text: str) -> None:
    assert not runs_an_intent(harmless(text))


def test_random_texts_become_plain_text() -> None:
    for text in random_texts(20_000):
        made = harmless(text)
        assert made.strip()
        assert not runs_an_intent(made), repr(text)


async def test_rasa_would_run_them_and_here_does_not(bot: InProcessBot) -> None:
    for number, text in enumerate([*KNOWN, *random_texts(150)]):
        if not any(c.isprintable() and not c.isspace() for c in text):
            continue
        answer = await bot.say(text, sender_id=f"s{number}")
        message = next(event for event in answer.events if event["event"] == "user")
        names = {event["name"] for event in answer.events if event["event"] == "action"}
        assert not message["text"].strip().startswith("/")
        assert message["parse_data"]["intent"]["confidence"] < 1.0
        assert "action_restart" not in names
        assert not any(event.get("value") in ("HACK", "X") for event in answer.events if event["event"] == "slot")


@pytest.mark.parametrize("text", ["/refund", "  /refund", "//restart", "/ /refund{}"])
async def test_inside_a_form_the_slot_gets_text_without_the_slash(bot: InProcessBot, text: str) -> None:
    await bot.say("i want a refund")
    answer = await bot.say(text)

    assert texts(answer)[0].startswith("Refunded: re")
    assert "/" not in texts(answer)[0]


def runs_an_intent(text: str) -> bool:
    """What Rasa itself makes of a text, after the stripping its UserMessage does."""
    message = Message({"text": text.strip()})
    return YAMLStoryReader.unpack_regex_message(message) is not message or text.strip().startswith("/")
