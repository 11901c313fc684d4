"""Words of our own while the window is open, an approved template in their place when it is not, and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from notifications.explain import explain
from notifications.prices.countries import country_of
from storage.database import Database
from storage.tables import conversations
from tests.house import GRACE
from tests.notifications.post_office import HELLO, PostOffice, no, yes

TEMPLATE = {"type": "template", "template": {"name": "mission_accepted", "language": {"code": "fr"}}}


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


@pytest.mark.parametrize(
    ("hours", "payload", "template", "goes", "form"),
    [
        (1, HELLO, TEMPLATE, "text", "free_form"),
        (30, HELLO, TEMPLATE, "template", "template"),
        (None, HELLO, TEMPLATE, "template", "template"),
        (1, {}, TEMPLATE, "template", "template"),
        (30, {}, TEMPLATE, "template", "template"),
        (1, HELLO, None, "text", "free_form"),
        (30, TEMPLATE, None, "template", "template"),
    ],
)
async def test_the_window_decides_which_form_leaves(
    office: PostOffice, hours: int | None, payload: dict[str, Any], template: Any, goes: str, form: str
) -> None:
    talk = await office.person(whatsapp=GRACE)
    await office.database.write(_wrote, talk, hours)
    message = await office.queue(talk, payload, template_payload=template)
    await office.send()

    assert [asked["type"] for asked in office.graph.asked] == [goes]
    assert ((await office.row(message)).status, (await office.row(message)).sent_form) == ("sent", form)


async def test_where_there_was_a_choice_explain_says_why(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    await office.database.write(_wrote, talk, 30)
    message = await office.queue(talk, template_payload=TEMPLATE)
    await office.send()

    story = await office.database.read(explain, message)
    assert story is not None
    told = {entry["what"]: entry["why"] for entry in story["story"]}
    assert told["form"].startswith("The customer service window is closed")


async def test_explain_keeps_why_it_was_another_form_at_first(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    await office.database.write(_wrote, talk, 30)
    message = await office.queue(talk, template_payload=TEMPLATE)
    office.graph.answer = no(131016)
    await office.send()
    await office.database.write(_wrote, talk, 0)
    office.graph.answer = yes
    await office.later(60)
    await office.send()

    assert [asked["type"] for asked in office.graph.asked] == ["template", "text"]
    story = await office.database.read(explain, message)
    assert story is not None
    first, second = (entry["why"] for entry in story["story"] if entry["what"] == "form")
    assert first.startswith("The customer service window is closed")
    assert second.startswith("The window is open")


async def test_a_window_that_is_closed_and_no_template_end_a_message(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    await office.database.write(_wrote, talk, 30)
    message = await office.queue(talk)
    await office.send()

    assert (await office.row(message)).status == "skipped"
    assert office.graph.asked == []


@pytest.mark.parametrize(
    ("number", "country"),
    [("242061234567", "CG"), ("33612345678", "FR"), ("21651832756", "TN"), ("", None), ("x", None)],
)
def test_a_number_s_calling_code_tells_its_country(number: str, country: str | None) -> None:
    assert country_of(number) == country


def _wrote(connection: sa.Connection, conversation_id: str, hours_ago: int | None) -> None:
    at = None if hours_ago is None else datetime.now(UTC) - timedelta(hours=hours_ago)
    connection.execute(sa.update(conversations).where(conversations.c.id == conversation_id).values(last_inbound_at=at))
