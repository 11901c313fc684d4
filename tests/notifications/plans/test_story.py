"""A notification tells its story: what was set off, what was decided and why, in order, in words."""

from notifications.notification_story import explain_notification
from notifications.triggering import Recipient
from storage.database import Database
from tests.notifications.plans.test_ladder import EVERYWHERE
from tests.notifications.push_desk import PushDesk, workflow

LADDER = [{"ladder": [{"channel": "whatsapp", "fallback_after": "10m"}, {"channel": "sms"}]}]


async def test_a_ladder_that_fell_back_and_was_overtaken(database: Database) -> None:
    trip = workflow(steps=LADDER, group="payload.code", rank=1, cap=3, expires_after="2h")
    office = await PushDesk.open(database, trip, workflow("delivered", group="payload.code", rank=4))
    triggered = await office.notify(EVERYWHERE)
    await office.becomes(triggered.message_ids[0], "sent")
    await office.later(601)
    await office.walk()
    await office.notify(EVERYWHERE, key="delivered")

    told = await database.read(explain_notification, triggered.notification_id)

    assert told is not None
    words = [(entry["what"], entry["why"]) for entry in told["story"]]
    version = office.workflows["news"].version
    assert words[0][1].startswith(f"The workflow news, version {version}, was set off; source: api.")
    assert "Of at most 3 notifications about the same thing, 0 left so far." in words[0][1]
    assert [what for what, _ in words if what in ("armed", "fell_back", "sms cancelled")] == [
        "armed",
        "fell_back",
        "sms cancelled",
    ]
    reasons = dict(words)
    assert reasons["fell_back"] == "It was not delivered by whatsapp in time; it is sent."
    assert reasons["sms cancelled"] == "Superseded by delivered, which tells later news of the same thing."


async def test_what_was_not_said_says_why(database: Database) -> None:
    office = await PushDesk.open(database)
    triggered = await office.notify(Recipient(email="grace@example.com"))

    told = await database.read(explain_notification, triggered.notification_id)

    assert told is not None
    assert [entry["what"] for entry in told["story"]] == ["triggered", "skipped"]
    assert "no WhatsApp number is known" in told["story"][1]["why"]
