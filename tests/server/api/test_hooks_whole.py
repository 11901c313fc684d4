"""The whole road of a webhook: a business says where, a person gets a message, the business is told, signed."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.parts import utc_now
from tests.house import GRACE, House, open_house, settings_for
from tests.server.api.shop import Shop, shop_of
from tests.waiting import until


class Told:
    """What stands at the address of the webhook."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []

    async def hear(self, request: Request) -> Response:
        self.requests.append((dict(request.headers), await request.body()))
        return Response(status_code=204)

    def events(self) -> list[tuple[str, str]]:
        bodies = [json.loads(body) for _, body in self.requests]
        return [(each["type"], each["data"].get("id", "")) for each in bodies]

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/relais", self.hear, methods=["POST"])])


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def house(database_address: URL, tmp_path: Path, told: Told) -> AsyncIterator[House]:
    opened = open_house(settings_for(database_address, tmp_path), hooks=told.app())
    opened.start()
    yield opened
    await opened.stop()


async def endpoint(shop: Shop, **wanted: Any) -> dict[str, Any]:
    made = await shop.post("/v1/webhook-endpoints", {"url": "https://shop.example.com/relais", **wanted})
    return dict(made.json())


async def test_every_status_is_told_and_what_becomes_of_the_telling_is_not(house: House, told: Told) -> None:
    shop = await shop_of(house)
    secret = (await endpoint(shop))["secret"]
    await house.says("bonjour")
    await house.quiet()
    (sent,) = house.whatsapp.sent
    receipt = {
        "id": sent["wamid"],
        "status": "read",
        "timestamp": str(int(utc_now().timestamp())),
        "recipient_id": GRACE,
    }
    await house.post(receipt, key="statuses")

    async def both() -> bool:
        return {kind for kind, _ in told.events()} == {"message.sent", "message.read"}

    await until(both)
    await house.settled()
    assert len(told.requests) == 2
    for headers, body in told.requests:
        Webhook(secret).verify(body, headers)
        assert GRACE[3:].encode() not in body
    listed = (await shop.get("/v1/messages", params={"channel": "webhook"})).json()["data"]
    assert {each["status"] for each in listed} == {"sent"}


async def test_a_cancelled_message_is_told_too(house: House, told: Told) -> None:
    shop = await shop_of(house)
    await endpoint(shop, events=["message.cancelled", "webhook.test"])
    wanted = {
        "workflow": "mission-accepted",
        "to": {"id": "c-7", "phone": "+242061234599"},
        "payload": {"code": "C-1", "courier": {"name": "Jean Malonga"}},
        "cancellation_key": "C-1",
    }
    house.parts.delivery.stop()
    notified = (await shop.post("/v1/notify", wanted)).json()["notifications"][0]
    done = (await shop.post("/v1/notify/cancel", {"cancellation_key": "C-1"})).json()

    waiting = (await shop.get("/v1/messages", params={"channel": "webhook", "status": "queued"})).json()["data"]
    assert notified["state"] == "active"
    assert len(waiting) == done["messages"] == 1


async def test_an_endpoint_is_tried(house: House, told: Told) -> None:
    shop = await shop_of(house)
    made = await endpoint(shop)

    tried = (await shop.post(f"/v1/webhook-endpoints/{made['id']}/test")).json()

    async def heard() -> bool:
        return bool(told.requests)

    await until(heard)
    headers, _ = told.requests[0]
    assert headers["webhook-id"] == tried["webhook_id"]
    assert told.events()[0][0] == "webhook.test"


async def test_what_a_test_key_made_is_told_as_such(house: House, told: Told) -> None:
    await endpoint(await shop_of(house))
    shop = await shop_of(house, is_test=True)
    payload = {"code": "C-1", "courier": {"name": "Jean Malonga"}}
    await shop.post("/v1/notify", {"workflow": "mission-accepted", "to": {"phone": f"+{GRACE}"}, "payload": payload})

    async def heard() -> bool:
        return bool(told.requests)

    await until(heard)
    assert all(json.loads(body)["data"]["is_test"] for _, body in told.requests)
    assert house.whatsapp.sent == []
