"""A trigger becomes a notification with its messages, in the person's language, or is refused in words."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import reply_tokens
from notifications.tables import consents, messages, notifications, workflow_versions
from notifications.triggering import (
    BadPayload,
    BadRecipient,
    BadTrigger,
    Outcome,
    Recipient,
    Trigger,
    TriggerDesk,
    Triggered,
    UnknownWorkflow,
)
from notifications.workflows import to_document
from storage.database import Database
from storage.tables import conversations, subscribers
from storage.types import new_id
from storage.wakeup import LocalWakeup
from tests.notifications.push_desk import GRACE, PushDesk, workflow

ENGLISH = Recipient(phone=GRACE, locale="en", name="Grâce Mabiala")


async def test_the_message_is_queued_with_the_notification_in_the_persons_language(database: Database) -> None:
    office = await PushDesk.open(database)

    triggered = await office.notify(ENGLISH, source="event", cancellation_key="parcel A1")

    [message] = await office.messages(triggered)
    assert message.payload == {"type": "text", "text": {"body": "Parcel A1"}}
    assert (message.channel, message.origin, message.status, message.said) == (
        "whatsapp",
        "push",
        "queued",
        "Parcel A1",
    )
    assert (message.id,) == triggered.message_ids
    row = await office.notification(triggered)
    assert (row.state, row.source, row.cancellation_key, row.category) == ("done", "event", "parcel A1", "tracking")


async def test_the_business_speaks_its_own_language_to_strangers_and_on_its_own_number(database: Database) -> None:
    office = await PushDesk.open(database)

    triggered = await office.notify()

    [message] = await office.messages(triggered)
    assert message.said == "Colis A1"
    [talk] = await office.rows(conversations)
    assert (talk.id, talk.phone_number_id, talk.last_inbound_at) == (message.conversation_id, "100000000000001", None)


async def test_it_appears_in_the_talk_that_the_person_wrote_in_last(database: Database) -> None:
    office = await PushDesk.open(database)
    first = await office.notify()
    await office.notify()

    assert len(await office.rows(conversations)) == 1
    assert len({each.conversation_id for each in await office.messages()}) == 1
    assert first.subscriber_id == (await office.notify()).subscriber_id


async def test_buttons_carry_tokens_that_mean_something_in_this_talk_alone(database: Database) -> None:
    rated = to_document(workflow("rated"))
    rated["contents"]["whatsapp"]["buttons"] = [
        {"title": {"fr": "Merci", "en": "Thanks"}, "intent": "thank", "entities": {"code": "{{ payload.code }}"}}
    ]
    rated["contents"]["whatsapp"]["template"] = {"name": "rated", "values": {"code": "{{ payload.code }}"}}
    office = await PushDesk.open(database, workflow("rated", **{"contents": rated["contents"]}))

    triggered = await office.notify(key="rated")

    [message] = await office.messages(triggered)
    [token] = await office.rows(reply_tokens)
    assert (token.title, token.intent, token.entities) == ("Merci", "thank", {"code": "A1"})
    assert token.conversation_id == message.conversation_id
    assert message.payload["interactive"]["action"]["buttons"][0]["reply"]["id"] == token.token
    [quick_reply] = [each for each in message.template_payload["template"]["components"] if each["type"] == "button"]
    assert quick_reply["parameters"][0]["payload"] == token.token


async def test_a_contact_card_follows_its_message_and_is_no_news_of_its_own(database: Database) -> None:
    contents = to_document(workflow())["contents"]
    contents["whatsapp"]["contact"] = {"name": "Jean", "phone": "+242069876543"}
    office = await PushDesk.open(database, workflow(contents=contents, group="payload.code", rank=1))

    triggered = await office.notify()

    first, card = await office.messages(triggered)
    assert (card.payload["type"], card.after_id, card.plan_key) == ("contacts", first.id, "0.0.1")
    assert (first.group_key, card.group_key) == ("A1", None)


async def test_the_version_is_kept_once_and_named_by_each_notification(database: Database) -> None:
    office = await PushDesk.open(database)
    one, two = await office.notify(), await office.notify()
    office.workflows["news"] = workflow(title="Other news")
    three = await office.notify()

    versions = await office.rows(workflow_versions)
    named = [(await office.notification(each)).version_id for each in (one, two, three)]
    assert named == [versions[0].id, versions[0].id, versions[1].id]
    assert versions[1].definition["title"] == "Other news"


async def test_what_a_person_does_not_want_is_not_queued_and_says_so(database: Database) -> None:
    office = await PushDesk.open(database)
    first = await office.notify()
    row = {"category": "tracking", "channel": "whatsapp", "granted": False, "source": "chat"}
    ours = {"id": new_id(), "business_id": office.business_id, "subscriber_id": first.subscriber_id}
    at = {"decided_at": datetime.now(UTC)}
    await database.write(lambda connection: connection.execute(sa.insert(consents).values(**row, **ours, **at)))

    refused = await office.notify()

    assert (refused.state, refused.message_ids) == ("done", ())
    assert await office.story(refused) == ["skipped"]


async def test_nobody_is_written_to_where_no_address_is_known(database: Database) -> None:
    office = await PushDesk.open(database, workflow(steps=[{"send": "email"}]))

    triggered = await office.notify()

    assert triggered.message_ids == ()
    [decision] = await office.story(triggered)
    assert decision == "skipped"


async def test_whichever_limit_comes_first_ends_it(database: Database) -> None:
    office = await PushDesk.open(database, workflow(expires_after="2h"))
    soon, late = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) + timedelta(hours=3)

    early = await office.notification(await office.notify(expires_at=soon))
    other = await office.notification(await office.notify(expires_at=late))

    assert early.expires_at == soon
    assert other.expires_at < late


async def test_the_wished_channels_take_the_place_of_the_workflows(database: Database) -> None:
    office = await PushDesk.open(database, workflow(steps=[{"send": "whatsapp"}, {"send": "email"}]))
    wished = {"channels": [{"channel": "sms", "fallback_after": "PT10M"}, {"channel": "whatsapp"}]}

    triggered = await office.notify(routing=wished)

    assert [each.channel for each in await office.messages(triggered)] == ["sms"]
    assert (await office.notification(triggered)).state == "active"


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"key": "newz"}, UnknownWorkflow, "workflow"),
        ({"payload": {}}, BadPayload, "payload.code"),
        ({"to": "+33"}, BadRecipient, "to.phone"),
        ({"to": "call me"}, BadRecipient, "to.phone"),
        ({"to": Recipient()}, BadRecipient, "to.id"),
        ({"to": Recipient(email="nobody")}, BadRecipient, "to.email"),
        ({"to": Recipient(id="c-7", timezone="Mars/Olympus")}, BadRecipient, "to.timezone"),
        ({"to": Recipient(id="c-7", locale="French")}, BadRecipient, "to.locale"),
        ({"to": Recipient(subscriber_id="7")}, BadRecipient, "to.subscriber_id"),
        ({"to": Recipient(subscriber_id="01890000-0000-7000-8000-000000000001")}, BadRecipient, "to.subscriber_id"),
        ({"category": "spam"}, BadTrigger, "category"),
        ({"lane": "fast"}, BadTrigger, "lane"),
        ({"lane": "critical"}, BadTrigger, "lane"),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, BadTrigger, "expires_at"),
        ({"routing": {"channels": []}}, BadTrigger, "routing.channels"),
        ({"routing": {"channels": ["fax"]}}, BadTrigger, "routing.channels.0.channel"),
        ({"routing": {"channels": ["webhook"]}}, BadTrigger, "routing.channels.0.channel"),
        ({"routing": {"channels": ["sms", "email"]}}, BadTrigger, "routing.channels.0.fallback_after"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_done(
    database: Database, change: dict[str, Any], error: type[Exception], field: str
) -> None:
    office = await PushDesk.open(database)

    with pytest.raises(error) as raised:
        await office.notify(**change)

    [problem] = raised.value.problems  # type: ignore[attr-defined]
    assert problem.field == field
    assert problem.problem
    for table in (notifications, messages, subscribers):
        assert await office.rows(table) == []


async def test_one_that_is_wrong_costs_its_neighbours_nothing(database: Database) -> None:
    office = await PushDesk.open(database)
    given = [office.trigger("+242061000001"), office.trigger("12"), office.trigger("+242061000002", {"code": 7})]

    outcomes = await office.notify_many([*given, office.trigger("+242061000003")])

    assert [type(each) for each in outcomes] == [Triggered, BadRecipient, BadPayload, Triggered]
    assert len(await office.messages()) == 2


async def test_those_asked_for_at_the_same_moment_share_a_transaction_and_each_gets_its_own_answer(
    database: Database,
) -> None:
    taken: list[int] = []

    class Watched(TriggerDesk):
        def within(self, connection: Connection, triggers: Sequence[Trigger]) -> list[Outcome]:
            taken.append(len(triggers))
            return super().within(connection, triggers)

    office = await PushDesk.open(database)
    desk = Watched(database, LocalWakeup(), office.tools)
    wished = [office.trigger(payload={"code": f"A{number}"}) for number in range(10)]
    wished.insert(4, office.trigger(key="nobody-wrote-it"))

    answers = await asyncio.gather(*map(desk.notify, wished), return_exceptions=True)

    assert taken == [11]
    assert isinstance(answers.pop(4), UnknownWorkflow)
    said = {message.notification_id: message.said for message in await office.messages()}
    told = [said[answer.notification_id] for answer in answers if isinstance(answer, Triggered)]
    assert told == [f"Colis A{number}" for number in range(10)]


async def test_a_rehearsal_tells_what_would_be_said_and_keeps_nothing(database: Database) -> None:
    office = await PushDesk.open(database)

    rehearsal = await office.desk.rehearse(office.trigger())

    assert [each["said"] for each in rehearsal.messages] == ["Colis A1"]
    for table in (notifications, messages, subscribers, conversations, workflow_versions):
        assert await office.rows(table) == []


async def test_a_trigger_inside_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    office = await PushDesk.open(database)

    def work(connection: sa.Connection) -> None:
        office.desk.within(connection, [office.trigger()])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(work)
    assert await office.rows(notifications) == []


async def test_marketing_stays_marketing(database: Database) -> None:
    office = await PushDesk.open(database, workflow(category="marketing"))

    with pytest.raises(BadTrigger, match="is not marketing"):
        await office.notify(category="transactional")


@pytest.mark.parametrize("written", ["00242061234567", "06 123 45 67", " +242 06-123-45-67 ", "+242 (06) 123.45.67"])
async def test_a_number_may_be_written_as_people_write_it(database: Database, written: str) -> None:
    office = await PushDesk.open(database)
    known = await office.notify(GRACE)

    assert (await office.notify(written)).subscriber_id == known.subscriber_id
