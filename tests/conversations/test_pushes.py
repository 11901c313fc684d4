"""A push is part of the conversation: the bot learns of it, and what it was about."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from notifications import hooks
from notifications.tables import messages, notification_decisions, notifications
from notifications.triggering import Recipient, Trigger, Triggered
from storage.tables import phone_numbers
from tests.house import GRACE, KIMIA, House, text_of
from tests.waiting import until

PARCEL, OTHER_PARCEL = "COUR-20250127-068", "COUR-20250127-069"


async def push(house: House, workflow: str, **payload: Any) -> Triggered:
    """The business has something to tell, and it is sent."""
    [number] = await house.rows(phone_numbers, phone_numbers.c.phone_number_id == KIMIA)
    triggered = await house.parts.triggers.notify(
        Trigger(business_id=number.business_id, workflow=workflow, to=Recipient(phone=f"+{GRACE}"), payload=payload)
    )
    await house.settled()
    return triggered


async def knows(house: House) -> None:
    """Somebody has written, so that the customer service window is open."""
    await house.says("bonjour")
    await house.heard(1)
    await house.quiet()


@pytest.mark.parametrize(
    ("workflow", "payload", "slots"),
    [
        ("mission-delivered", {"code": PARCEL}, {"shown_delivery": PARCEL}),
        (
            "order-cancelled",
            {"code": "CMD-20250127-042"},
            {"shown_order": {"code": "CMD-20250127-042", "delivery": None}, "shown_delivery": None},
        ),
        ("promotional-offer", {"offer": "Tout à moitié prix", "ends_on": "2031-01-31"}, None),
    ],
)
async def test_the_bot_learns_what_was_pushed_and_what_it_was_about(
    house: House, workflow: str, payload: dict[str, Any], slots: dict[str, Any] | None
) -> None:
    await knows(house)
    await push(house, workflow, **payload)
    await house.says("où est-il ?")
    await house.quiet()
    await house.says("merci")
    await house.quiet()

    [note] = house.bot.turns[1]["notes"]
    [message] = await house.rows(messages, messages.c.origin == "push")
    assert (note["id"], note["text"], note.get("slots")) == (message.id, message.said, slots)
    assert house.bot.turns[2]["notes"] == []


async def test_what_has_not_left_is_no_note_yet(house: House) -> None:
    await knows(house)
    await push(house, "mission-reminder", code=PARCEL, remind_at="2031-01-14T18:00:00+01:00")
    await house.says("merci")
    await house.quiet()

    assert house.bot.turns[1]["notes"] == []
    assert text_of(house.bot.turns[1]) == "merci"


async def test_who_quotes_an_earlier_push_speaks_of_what_that_told_of(house: House) -> None:
    await knows(house)
    for code in (PARCEL, OTHER_PARCEL):
        await push(house, "mission-in-transit", code=code, dropoff={"address": "8 avenue Matsoua"})
    earlier, _ = sorted(await pushed(house), key=lambda message: message.id)
    await house.says("il vient d'où ?")
    await house.quiet()
    await house.says("c'est où ?", **quoting(earlier))
    await house.quiet()

    assert [turn["slots"].get("shown_delivery") for turn in house.bot.turns[1:]] == [None, PARCEL]


def quoting(message: Any) -> dict[str, Any]:
    """What WhatsApp puts beside words that quote a message, or beside a tap on its button."""
    return {"context": {"from": KIMIA, "id": message.provider_message_id}}


async def pushed(house: House) -> list[Any]:
    return await house.rows(messages, messages.c.origin == "push")


def meant(turn: dict[str, Any]) -> tuple[str, dict[str, str]] | str:
    """What the bot was told: an intent with its entities, or words to understand."""
    if "parse_data" not in turn:
        return str(turn["text"])
    parsed = turn["parse_data"]
    return parsed["intent"]["name"], {each["entity"]: each["value"] for each in parsed["entities"]}


FIVE = ("rate", {"delivery_code": PARCEL, "score": "5"})


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("5/5", FIVE),
        ("⭐⭐⭐⭐⭐", FIVE),
        ("TRES BIEN !", FIVE),
        ("five", FIVE),
        ("où est mon colis ?", "où est mon colis ?"),
        ("5 minutes", "5 minutes"),
    ],
)
async def test_a_word_answers_what_was_pushed_as_a_tap_would(house: House, typed: str, told: Any) -> None:
    await knows(house)
    await push(house, "mission-delivered", code=PARCEL)
    await house.says(typed)
    await house.quiet()

    assert meant(house.bot.turns[1]) == told
    [message] = await pushed(house)
    assert (message.replied_at is not None) is (told is FIVE)


async def test_once_the_bot_has_said_something_its_question_is_answered(house: House) -> None:
    await knows(house)
    await push(house, "mission-delivered", code=PARCEL)
    await house.says("combien coûte une livraison ?")
    await house.quiet()
    await house.says("5")
    await house.quiet()

    assert meant(house.bot.turns[2]) == "5"


async def test_a_form_keeps_its_answer_unless_the_push_is_quoted(house: House) -> None:
    async def asks(turn: dict[str, Any]) -> dict[str, Any]:
        loop = (
            [{"event": "user"}, {"event": "active_loop", "name": "parcel_form"}] if text_of(turn) == "bonjour" else []
        )
        return {"responses": [{"text": "Combien de colis ?"}], "events": loop}

    house.bot.answer = asks
    await knows(house)
    await push(house, "mission-delivered", code=PARCEL)
    await house.says("5")
    await house.quiet()
    [message] = await pushed(house)
    await house.says("5", **quoting(message))
    await house.quiet()

    assert [meant(turn) for turn in house.bot.turns[1:]] == ["5", FIVE]


async def test_a_tap_is_kept_as_the_answer(house: House) -> None:
    await knows(house)
    await push(house, "mission-delivered", code=PARCEL)
    [message] = await pushed(house)
    button = message.payload["interactive"]["action"]["buttons"][0]["reply"]
    reply = {"type": "button_reply", "button_reply": {"id": button["id"], "title": button["title"]}}
    await house.says("", type="interactive", interactive=reply, **quoting(message))
    await house.quiet()

    assert meant(house.bot.turns[1]) == FIVE
    assert (await pushed(house))[0].replied_at is not None


async def test_a_word_that_answers_two_pushes_is_asked_about(house: House) -> None:
    await knows(house)
    await push(house, "mission-delivered", code=PARCEL)
    await push(house, "mission-delivered", code=OTHER_PARCEL)
    await house.says("5")
    await house.quiet()
    asked = house.whatsapp.sent[-1]
    buttons = [each["reply"] for each in asked["interactive"]["action"]["buttons"]]

    assert len(house.bot.turns) == 1
    assert [each["title"] for each in buttons] == [OTHER_PARCEL, PARCEL]

    tapped = {"type": "button_reply", "button_reply": buttons[1]}
    await house.says("", type="interactive", interactive=tapped, context={"from": KIMIA, "id": asked["wamid"]})
    await house.quiet()

    assert meant(house.bot.turns[1]) == FIVE
    assert [each.replied_at is not None for each in await pushed(house)] == [True, False]


async def test_an_answer_that_waits_for_the_bot_is_still_the_answer(house: House) -> None:
    await knows(house)
    await push(house, "mission-delivered", code=PARCEL)
    house.to_bot.is_away = True
    await house.says("5")

    async def is_heard() -> bool:
        return (await pushed(house))[0].replied_at is not None

    await until(is_heard)
    house.to_bot.is_away = False
    await house.quiet()

    assert meant(house.bot.turns[1]) == FIVE


async def test_what_was_still_to_follow_is_dropped_with_the_answer(house: House) -> None:
    await knows(house)
    triggered = await push(house, "mission-reminder", code=PARCEL)
    await house.says("oui")
    await house.quiet()

    assert meant(house.bot.turns[1]) == ("affirm", {"delivery_code": PARCEL, "reminder_reply": "confirm"})
    [notification] = await house.rows(notifications, notifications.c.id == triggered.notification_id)
    told = await house.rows(notification_decisions, notification_decisions.c.notification_id == notification.id)
    assert (notification.state, notification.next_at) == ("cancelled", None)
    assert told[-1].decision == "answered"


async def has_asked(house: House, turns: int) -> bool:
    """Whether the bot has got so many turns."""
    return len(house.bot.turns) == turns


async def test_the_business_learns_each_answer_once(house: House) -> None:
    [number] = await house.rows(phone_numbers, phone_numbers.c.phone_number_id == KIMIA)
    hook = partial(hooks.create, business_id=number.business_id, url="https://shop.example.com/relais")
    await house.parts.database.write(lambda c: hook(c, events=["message.answered"], now=datetime.now(UTC)))
    await knows(house)
    triggered = await push(house, "mission-reminder", code=PARCEL)
    [message] = await pushed(house)
    for turns, said in enumerate(("oui", "je confirme", "reporter", "où est-il ?"), start=2):
        await house.says(said, **quoting(message))
        # The answer is kept before the bot is asked. (Their system is away in this test, so nothing comes to rest.)
        await until(partial(has_asked, house, turns))

    told = [each.payload["body"] for each in await house.rows(messages, messages.c.channel == "webhook")]
    assert [each["data"]["answer"] for each in told] == [
        {"key": "confirm", "effect": "confirm"},
        {"key": "reschedule", "effect": "reschedule"},
    ]
    assert {each["type"] for each in told} == {"message.answered"}
    assert {each["data"]["notification_id"] for each in told} == {triggered.notification_id}


async def test_a_yes_the_next_day_is_for_the_bot(house: House) -> None:
    await knows(house)
    await push(house, "mission-reminder", code=PARCEL)
    tomorrow = int((datetime.now(UTC) + timedelta(hours=25)).timestamp())
    await house.says("oui", timestamp=str(tomorrow))
    await house.quiet()

    assert meant(house.bot.turns[1]) == "oui"
