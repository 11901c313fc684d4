"""A title that is typed is a tap, where its button stands on the screen, and only there."""

from typing import Any

import pytest
from bot_in_process import InProcessBot, texts
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from relais_bot.typed_titles import meaning_of_title

CART = [
    {"title": "Modifier", "payload": '/change_cart{"line": "7"}'},
    {"title": "🗑️ Vider le panier", "payload": "/empty_cart"},
    {"title": "Voir la page", "type": "web_url", "url": "https://example.org"},
    {"title": "⭐⭐", "payload": '/rate{"stars": "2"}'},
]
CARDS = [
    {"title": name, "buttons": [{"title": "Voir", "payload": f"/show_{name}"}, {"title": name, "payload": "/show"}]}
    for name in ("Poulet", "Jus")
]


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("Modifier", "change_cart"),
        ("  MODIFIER ! ", "change_cart"),
        ("vider le panier", "empty_cart"),
        ("⭐⭐", "rate"),
        ("poulet", "show"),
    ],
)
def test_a_title_is_known_as_people_type_it(typed: str, intent: str) -> None:
    meant = meaning_of_title(screen(BotUttered("Panier", {"buttons": CART, "elements": CARDS})), typed)

    assert meant is not None
    assert meant["intent"] == {"name": intent, "confidence": 1.0}
    assert meant["text"] == typed


def test_it_says_what_the_button_says() -> None:
    meant = meaning_of_title(screen(BotUttered("Panier", {"buttons": CART})), "modifier")

    assert meant is not None
    assert meant["entities"] == [{"entity": "line", "value": "7"}]


@pytest.mark.parametrize("typed", ["modifier le panier", "voir la page", "⭐", "!", "voir"])
def test_other_words_a_link_and_a_title_of_two_buttons_are_no_tap(typed: str) -> None:
    assert meaning_of_title(screen(BotUttered("Panier", {"buttons": CART, "elements": CARDS})), typed) is None


def test_an_older_screen_is_forgotten() -> None:
    events = [BotUttered("Panier", {"buttons": CART}), UserUttered("merci"), BotUttered("Avec plaisir")]

    assert meaning_of_title(screen(*events), "modifier") is None


async def test_the_bot_does_what_the_button_does(bot: InProcessBot) -> None:
    await bot.say("hello", slots={"business_name": "Kimia", "default_language": "en"})
    answer = await bot.say("TRACK!")
    again = await bot.say("TRACK!")

    assert meanings(answer) == [("track_delivery", 1.0)]
    assert texts(answer) == ["None in en"]
    assert meanings(again) != [("track_delivery", 1.0)]


def screen(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("sender-1", list(events))


def meanings(answer: Any) -> list[tuple[str, float]]:
    said = next(event for event in answer.events if event["event"] == "user")
    return [(guess["name"], guess["confidence"]) for guess in said["parse_data"]["intent_ranking"]]
