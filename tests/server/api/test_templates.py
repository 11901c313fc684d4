"""Templates and workflows over the API: listed with what they ask for, previewed, sent by name."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.access import Scope
from notifications.tables import messages, templates
from server.parts import utc_now
from storage.types import new_id
from tests.house import GRACE, House
from tests.server.api.shop import Shop, shop_of

REMINDER = {
    "template": "mission_reminder",
    "to": {"phone": f"+{GRACE}"},
    "values": {"first_name": "Grâce", "code": "COUR-1", "when": "demain"},
}


@pytest.fixture
async def shop(house: House) -> Shop:
    return await shop_of(house, Scope.NOTIFY, Scope.TEMPLATES_READ)


@pytest.fixture
async def caller(small_house: House) -> Shop:
    """A shop whose requests are refused."""
    return await shop_of(small_house, Scope.NOTIFY, Scope.TEMPLATES_READ)


async def test_templates_are_listed_with_what_meta_says_of_them(house: House, shop: Shop) -> None:
    def approve(connection: Connection) -> None:
        row = {"id": new_id(), "business_id": shop.key.business_id, "waba_id": "1", "category": "UTILITY"}
        named = {"name": "mission_reminder", "language": "fr", "status": "APPROVED", "changed_at": utc_now()}
        connection.execute(sa.insert(templates).values(**row, **named))

    await house.parts.database.write(approve)

    listed = {(each["name"], each["language"]): each for each in (await shop.get("/v1/templates")).json()["data"]}

    assert listed["mission_reminder", "fr"]["status"] == "APPROVED"
    assert listed["mission_reminder", "fr"]["variables"] == ["first_name", "code", "when"]
    assert listed["mission_reminder", "en"]["status"] is None


async def test_a_template_is_sent_by_its_name(house: House, shop: Shop) -> None:
    answer = await shop.post("/v1/templates/send", REMINDER, key="r")
    again = await shop.post("/v1/templates/send", REMINDER, key="r")

    assert answer.status_code == 202
    assert again.json() == answer.json()
    (row,) = await house.rows(messages)
    assert (row.id, row.origin, row.category, row.channel) == (
        answer.json()["message_id"],
        "push",
        "transactional",
        "whatsapp",
    )
    assert row.payload["template"]["name"] == "mission_reminder"
    assert "COUR-1" in row.said


async def test_its_language_is_the_persons_unless_it_is_named(house: House, shop: Shop) -> None:
    await shop.post("/v1/templates/send", REMINDER)
    await shop.post("/v1/templates/send", {**REMINDER, "language": "en"})
    await shop.post("/v1/templates/send", {**REMINDER, "to": {"phone": "+242055551234", "locale": "en"}})

    rows = await house.rows(messages)
    assert [row.payload["template"]["language"]["code"] for row in rows] == ["fr", "en", "en"]


async def test_a_marketing_template_is_marketing_whatever_is_said(house: House, shop: Shop) -> None:
    offer = next(
        each for each in (await shop.get("/v1/templates")).json()["data"] if each["name"] == "promotional_offer"
    )
    sent = {
        "template": "promotional_offer",
        "to": {"phone": f"+{GRACE}"},
        "values": dict.fromkeys(offer["variables"], "x"),
        "category": "tracking",
    }

    answer = await shop.post("/v1/templates/send", sent)

    assert answer.status_code in {202, 422}
    if answer.status_code == 202:
        (row,) = await house.rows(messages)
        assert row.category == "marketing"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"template": "mission_remainder"}, "template"),
        ({"language": "de"}, "language"),
        ({"values": {"first_name": "Grâce", "code": "C"}}, "values.when"),
        ({"values": {"first_name": "a", "code": "b", "when": "c", "why": "d"}}, "values"),
        ({"to": {"phone": "1"}}, "to.phone"),
        ({"values": {"first_name": 3}}, "values.first_name"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_queued(
    small_house: House, caller: Shop, change: dict[str, Any], field: str
) -> None:
    answer = await caller.post("/v1/templates/send", {**REMINDER, **change})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert await small_house.rows(messages) == []


async def test_workflows_tell_what_they_ask_for_and_how_they_read(shop: Shop) -> None:
    listed = {each["key"]: each for each in (await shop.get("/v1/workflows")).json()["data"]}

    accepted = listed["mission-accepted"]
    assert accepted["payload"]["courier"]["fields"]["name"] == {"type": "text", "required": True}
    assert (await shop.get("/v1/workflows/mission-accepted")).json() == accepted
    read = (await shop.get("/v1/workflows/mission-accepted/preview", params={"locale": "en"})).json()
    assert "good news" in read["channels"]["whatsapp"]["said"]
    assert (await shop.get("/v1/workflows/mission-acepted")).status_code == 404


async def test_the_example_of_each_workflow_can_be_set_off(shop: Shop) -> None:
    for workflow in (await shop.get("/v1/workflows")).json()["data"]:
        wanted = {"workflow": workflow["key"], "to": {"phone": f"+{GRACE}"}, "payload": workflow["example"]}
        if workflow["needs_anchor"]:
            wanted["anchor"] = {"type": "appointment", "id": "a-1", "starts_at": "2100-12-05T18:30:00Z"}
        answer = await shop.post("/v1/notify", {**wanted, "dry_run": True})
        assert answer.status_code == 200, (workflow["key"], answer.text)
