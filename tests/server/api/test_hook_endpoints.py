"""Webhook endpoints over the API: made with a secret that is shown once, changed, rotated, tried, deleted."""

from typing import Any

import pytest

from notifications.access import Scope
from notifications.tables import idempotency_keys, messages, webhook_endpoints
from tests.house import House
from tests.server.api.shop import Shop, shop_of
from tests.waiting import until

URL = "https://shop.example.com/relais"


@pytest.fixture
async def shop(house: House) -> Shop:
    return await shop_of(house, Scope.HOOKS_WRITE)


@pytest.fixture
async def caller(small_house: House) -> Shop:
    """A shop whose requests are refused."""
    return await shop_of(small_house, Scope.HOOKS_WRITE)


async def made(shop: Shop, key: str | None = None, **changes: Any) -> dict[str, Any]:
    answer = await shop.post("/v1/webhook-endpoints", {"url": URL, **changes}, key=key)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_secret_is_shown_when_it_is_made_and_kept_nowhere(house: House, shop: Shop) -> None:
    first = await made(shop, key="k", events=["message.failed"])

    assert first["secret"].startswith("whsec_")
    assert await made(shop, key="k", events=["message.failed"]) == first
    shown = (await shop.get(f"/v1/webhook-endpoints/{first['id']}")).json()
    assert shown == {name: value for name, value in first.items() if name != "secret"}
    assert (await shop.get("/v1/webhook-endpoints")).json() == {"data": [shown]}
    (kept,) = await house.rows(idempotency_keys)
    assert first["secret"][6:] not in kept.body
    assert len(await house.rows(webhook_endpoints)) == 1


async def test_a_new_secret_is_another_one(shop: Shop) -> None:
    first = await made(shop)
    rotated = (await shop.post(f"/v1/webhook-endpoints/{first['id']}/rotate")).json()
    other = await made(shop)

    assert len({first["secret"], rotated["secret"], other["secret"]}) == 3
    assert rotated["previous_secret_until"] is not None


async def test_an_endpoint_is_changed_switched_off_and_on(house: House, shop: Shop) -> None:
    path = f"/v1/webhook-endpoints/{(await made(shop))['id']}"

    changed = (await shop.ask("PATCH", path, json={"events": ["message.read"], "url": URL + "/2"})).json()
    assert (changed["events"], changed["url"]) == (["message.read"], URL + "/2")
    off = (await shop.ask("PATCH", path, json={"is_enabled": False})).json()
    assert off["disabled_at"]
    assert (await shop.post(f"{path}/test")).status_code == 409
    on = (await shop.ask("PATCH", path, json={"is_enabled": True})).json()
    assert (on["disabled_at"], on["disabled_reason"]) == (None, None)


async def test_a_test_waits_to_be_sent_and_goes_with_its_endpoint(house: House, shop: Shop) -> None:
    path = f"/v1/webhook-endpoints/{(await made(shop, events=['message.read']))['id']}"

    tried = (await shop.post(f"{path}/test")).json()

    (row,) = await house.rows(messages)
    assert (row.id, row.channel, row.origin) == (tried["webhook_id"], "webhook", "webhook")
    assert row.payload["body"]["type"] == "webhook.test"
    assert (await shop.ask("DELETE", path)).status_code == 204

    async def is_over() -> bool:
        # One that was on its way when the endpoint went is over with its next try.
        (row,) = await house.rows(messages)
        return row.status not in {"queued", "sending"}

    await until(is_over)
    assert (await shop.get(path)).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/",
        "https://",
        "https://127.0.0.1/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://169.254.169.254/latest",
        "https://user:secret@shop.example.com/",
        "https://localhost/x",
        "ftp://shop.example.com",
        "https://shop.example.com/#x",
        "https://shop.example.com/a b",
        "https://shop.example.com:99999/",
        "javascript:alert(1)",
    ],
)
async def test_addresses_that_are_not_public_are_refused(small_house: House, caller: Shop, url: str) -> None:
    answer = await caller.post("/v1/webhook-endpoints", {"url": url})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "url"
    assert await small_house.rows(webhook_endpoints) == []


async def test_types_that_do_not_exist_are_refused(caller: Shop) -> None:
    answer = await caller.post("/v1/webhook-endpoints", {"url": URL, "events": ["message.eaten"]})
    assert answer.json()["errors"][0]["field"] == "events[0]"


async def test_a_business_has_so_many_and_sees_its_own_alone(house: House, shop: Shop) -> None:
    for _ in range(20):
        first = await made(shop)
    assert (await shop.post("/v1/webhook-endpoints", {"url": URL})).status_code == 409

    other = await shop_of(house, business="jasmin")
    assert (await other.get("/v1/webhook-endpoints")).json() == {"data": []}
    assert (await other.ask("DELETE", f"/v1/webhook-endpoints/{first['id']}")).status_code == 404
