"""A workflow may tell the business's own system; and it is told what was taken back."""

from datetime import UTC, datetime

from notifications import hooks
from notifications.tables import messages
from storage.database import Database
from tests.notifications.push_desk import PushDesk, workflow

TOLD = workflow(
    steps=[{"send": "webhook"}], contents={"webhook": {"body": {"code": "{{ payload.code }}", "kind": "news"}}}
)


async def _endpoint(office: PushDesk, url: str) -> hooks.Endpoint:
    return await office.database.write(hooks.create, office.business_id, url, (), datetime.now(UTC))


async def test_each_endpoint_is_told_and_none_that_is_switched_off(database: Database) -> None:
    office = await PushDesk.open(database, TOLD)
    one, other = [await _endpoint(office, f"https://shop.example/{name}") for name in "ab"]
    off = await _endpoint(office, "https://shop.example/c")
    await database.write(hooks.disable, off.id, "Off.", datetime.now(UTC))

    triggered = await office.notify()

    rows = await office.messages(triggered)
    assert {row.payload["endpoint_id"] for row in rows} == {one.id, other.id}
    assert {row.subscriber_id for row in rows} == {None}
    body = rows[0].payload["body"]
    assert (body["type"], body["data"]) == ("workflow.news", {"code": "A1", "kind": "news"})


async def test_without_an_endpoint_it_is_said_that_nobody_can_be_told(database: Database) -> None:
    office = await PushDesk.open(database, TOLD)
    triggered = await office.notify()

    assert triggered.message_ids == ()
    assert await office.story(triggered) == ["skipped"]


async def test_what_was_taken_back_is_told(database: Database) -> None:
    office = await PushDesk.open(database)
    triggered = await office.notify(cancellation_key="k")
    await _endpoint(office, "https://shop.example/a")
    await office.desk.cancel(office.business_id, "k")

    [told] = await office.rows(messages, messages.c.channel == "webhook")
    assert told.payload["body"]["type"] == "message.cancelled"
    assert told.payload["body"]["data"]["id"] == triggered.message_ids[0]
