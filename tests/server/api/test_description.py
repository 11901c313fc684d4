"""The description at /api/openapi.json: whole, with an example for every body, and every example works."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import handoffs
from notifications.tables import messages
from server.parts import utc_now
from storage.tables import businesses, conversations
from storage.types import new_id
from tests.house import House
from tests.server.api.shop import Shop, shop_of

NOTIFIED = {
    "workflow": "mission-accepted",
    "to": {"id": "customer-7", "phone": "+242061234567"},
    "payload": {"code": "COUR-1", "courier": {"name": "Jean Malonga"}},
}


@pytest.fixture
async def shop(small_house: House) -> Shop:
    return await shop_of(small_house)


@pytest.fixture
async def description(small_house: House) -> dict[str, Any]:
    return dict((await small_house.private.get("/api/openapi.json")).json())


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "$ref")
        yield from (found for each in value.values() for found in references(each))
    elif isinstance(value, list):
        yield from (found for each in value for found in references(each))


async def test_everything_that_it_refers_to_is_in_it(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.")
    for reference in set(references(description)):
        found: Any = description
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found
    ids = [operation["operationId"] for *_, operation in operations(description)]
    assert len(set(ids)) == len(ids)


async def test_every_route_says_what_it_does_what_it_needs_and_how_it_refuses(description: dict[str, Any]) -> None:
    for method, path, operation in operations(description):
        assert len(operation["summary"]) > 5, path
        assert operation["description"].startswith(operation["summary"]), path
        assert operation["tags"], path
        assert operation["security"], f"{method} {path} names no scope"
        for status in ("401", "403", "422", "429", "503"):
            assert "application/problem+json" in operation["responses"][status]["content"], path
        if method == "POST" and not path.endswith(("/find", "/events")):
            assert "Idempotency-Key" in [each["name"] for each in operation["parameters"]], path


async def test_every_example_works(shop: Shop, description: dict[str, Any]) -> None:
    known = await _something_of_each(shop)
    asked = 0
    for method, path, operation in sorted(operations(description), key=lambda each: each[0] == "DELETE"):
        if (method, path) == ("DELETE", "/v1/topics/{topic}"):
            await shop.ask("PUT", "/v1/topics/unused", json={})
            known["topic"] = "unused"
        if path.startswith("/v1/dead-letters/"):
            known |= await _something_of_each(shop)
            await shop.house.parts.database.write(_fail, known["message_id"])
        if "{handoff_id}" in path:
            known["handoff_id"] = await shop.house.parts.database.write(_waiting)
        filled = path.format_map(known)
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        body = _example(description, content["schema"]) if content else None
        query = {each["name"]: known["notification_id"] for each in operation.get("parameters", [])
                 if each["in"] == "query" and each["required"]}  # fmt: skip

        answer = await shop.ask(method, filled, json=body, params=query)

        assert answer.status_code < 300, (method, filled, answer.text)
        assert str(answer.status_code) in operation["responses"], (method, path)
        asked += 1
        known |= await _something_of_each(shop) if method == "DELETE" else {}
    assert asked > 35


def _fail(connection: Connection, message_id: str) -> None:
    connection.execute(sa.update(messages).where(messages.c.id == message_id).values(status="failed"))


def _waiting(connection: Connection) -> str:
    """A talk of somebody who wrote just now waits for a human, and nobody has it."""
    c, now = conversations.c, utc_now()
    ours = sa.select(businesses.c.id).where(businesses.c.slug == "kimia")
    talk = connection.scalar(sa.select(c.id).where(c.business_id.in_(ours)).order_by(c.id.desc()).limit(1))
    connection.execute(sa.update(conversations).where(c.id == talk).values(last_inbound_at=now))
    handoffs.give_back(connection, str(talk), now)
    told: dict[str, Any] = {"reason": "asked", "language": "fr", "summary": {}, "now": now}
    handoffs.ask(connection, str(talk), turn_id=new_id(), **told)
    held = handoffs.held(connection, str(talk))
    assert held is not None
    return held.id


def _example(description: dict[str, Any], schema: dict[str, Any]) -> Any:
    name = schema["$ref"].rpartition("/")[2]
    return description["components"]["schemas"][name]["examples"][0]


async def _something_of_each(shop: Shop) -> dict[str, str]:
    """Ids to put into addresses: a fresh message that waits, a person with an address, an endpoint."""
    notified = (await shop.post("/v1/notify", NOTIFIED)).json()["notifications"][0]
    await shop.ask("PUT", "/v1/topics/weekly-offers", json={"name": "Offers"})
    broadcast = {"topic": "weekly-offers", **{name: NOTIFIED[name] for name in ("workflow", "payload")}}
    begun = (await shop.post("/v1/broadcasts", broadcast)).json()
    endpoint = (await shop.post("/v1/webhook-endpoints", {"url": "https://shop.example.com/relais"})).json()
    person = (await shop.get("/v1/subscribers/customer-7")).json()
    return {
        "notification_id": notified["id"],
        "message_id": notified["message_ids"][-1],
        "subscriber": "customer-7",
        "address_id": person["addresses"][0]["id"],
        "endpoint_id": endpoint["id"],
        "workflow": "mission-accepted",
        "topic": "weekly-offers",
        "broadcast_id": begun["id"],
    }
