"""Events over the API: taken with a key or a signature, once each, and told why where nobody is told."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from channels.webhook import signed_headers
from notifications.access import Scope, signing_secret
from notifications.tables import backend_events, notifications
from tests.house import GRACE, PATRICK, SECRET, House
from tests.server.api.shop import Shop, shop_of


def event(**changes: Any) -> dict[str, Any]:
    data = {
        "code": "COUR-1",
        "customer": {"id": "c-7", "phone": f"+{GRACE}"},
        "courier": {"name": "Jean Malonga", "phone": "+242069876543"},
    }
    told = {"id": "evt-1", "type": "mission.accepted", "occurred_at": datetime.now(UTC).isoformat(), "data": data}
    return {**told, **changes}


@pytest.fixture
async def shop(house: House) -> Shop:
    return await shop_of(house, Scope.EVENTS)


async def test_an_event_tells_the_customer_once(house: House, shop: Shop) -> None:
    await house.says("bonjour")
    await house.heard(1)

    answers = [await shop.post("/v1/events", event()) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    first, again = (answer.json() for answer in answers)
    assert not first["is_repeat"]
    assert again == {**first, "is_repeat": True}
    assert "Jean Malonga" in (await house.heard(2))[1]
    (row,) = await house.rows(notifications)
    assert (row.id, row.source, row.api_key_id) == (first["notification_id"], "event", shop.key.id)


async def test_the_courier_whom_it_names_reads_it_on_their_phone(house: House, shop: Shop) -> None:
    await house.says("bonjour", sender=PATRICK)
    await house.heard(1, to=PATRICK)

    answer = await shop.post("/v1/events", event(tell={"courier": {"id": "courier-3", "phone": f"+{PATRICK}"}}))

    assert answer.status_code == 202, answer.text
    (other,) = answer.json()["others"]
    assert (other["role"], other["reason"]) == ("courier", None)
    assert "une course est pour vous" in (await house.heard(2, to=PATRICK))[1].lower()
    refused = await shop.post("/v1/events", event(id="evt-2", tell={"courier": {"phone": "12"}}))
    assert refused.json()["errors"][0]["field"] == "tell.courier.phone"


async def test_a_type_of_which_nobody_is_told_is_kept_with_the_reason(house: House, shop: Shop) -> None:
    answer = await shop.post("/v1/events", event(type="table.booked"))

    assert answer.status_code == 202
    assert "table-booked" in answer.json()["reason"]
    assert len(await house.rows(backend_events)) == 1


async def signed(
    house: House, shop: Shop, body: bytes, at: datetime | None = None, key: str | None = None, secret: str | None = None
) -> httpx.Response:
    headers = signed_headers(
        [secret or signing_secret(SECRET, shop.key.id)], "msg_1", body.decode(), at or datetime.now(UTC)
    )
    return await house.private.post(
        "/v1/events",
        params={"key": key or shop.key.id},
        content=body,
        headers={**headers, "Content-Type": "application/json"},
    )


async def test_it_may_be_signed_instead(house: House, shop: Shop) -> None:
    """As a sender of Standard Webhooks writes it: the id in a header, the moment as `timestamp`."""
    told = event()
    body = json.dumps({"type": told["type"], "timestamp": told["occurred_at"], "data": told["data"]}).encode()

    answer = await signed(house, shop, body)

    assert answer.status_code == 202, answer.text
    assert answer.json()["event_id"] == "msg_1"
    (row,) = await house.rows(notifications)
    assert row.api_key_id == shop.key.id


async def test_a_wrong_signature_is_nobodys(house: House, shop: Shop) -> None:
    body = json.dumps(event()).encode()
    other = await shop_of(house, Scope.EVENTS, business="jasmin")
    unscoped = await shop_of(house, Scope.NOTIFY)

    assert (await signed(house, shop, body, key=other.key.id)).status_code == 401
    assert (await signed(house, shop, body, secret=signing_secret("another server", shop.key.id))).status_code == 401
    assert (await signed(house, shop, body, at=datetime.now(UTC) - timedelta(minutes=6))).status_code == 401
    assert (await signed(house, shop, body, key="0190163d-8694-739b-aea5-966c26f8ad91")).status_code == 401
    assert (await signed(house, unscoped, body)).status_code == 403
    plain = {"Content-Type": "application/json"}
    assert (await house.private.post("/v1/events", content=body, headers=plain)).status_code == 401
    assert (await unscoped.post("/v1/events", event())).status_code == 403
    assert await house.rows(backend_events) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"type": "Mission Accepted"}, "type"),
        ({"occurred_at": "2026-01-27T14:30:00"}, "occurred_at"),
        ({"data": {"code": "C", "courier": {"name": "J"}}}, "data.customer"),
        ({"data": {"customer_phone": "+242061234567", "courier": {"name": "J"}}}, "data.code"),
        ({"data": {"code": "C", "customer": {"phone": "12"}, "courier": {"name": "J"}}}, "data.customer.phone"),
    ],
)
async def test_what_is_wrong_is_named_and_it_may_be_sent_again(
    small_house: House, changes: dict[str, Any], field: str
) -> None:
    shop = await shop_of(small_house, Scope.EVENTS)

    answer = await shop.post("/v1/events", event(**changes))

    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert await small_house.rows(backend_events) == []
    assert (await shop.post("/v1/events", event())).status_code == 202
