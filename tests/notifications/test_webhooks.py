"""Webhooks to businesses: what became of a message is told once, signed, again while it fails, and not for ever."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.webhook import derived_secret
from notifications import hooks
from notifications.hooks import Endpoint
from notifications.hooks.endpoints import group_of
from notifications.outgoing import Outgoing
from notifications.providers.base import Accepted, Failed
from notifications.providers.webhook import WebhookProvider
from notifications.status import Status
from notifications.tables import messages
from server.parts import utc_now
from storage.database import Database
from storage.types import new_id
from tests.asgi_transport import AsgiTransport
from tests.notifications.kimia import KIMIA_NUMBER, business_of

URL = "https://shop.example.com/relais"
SECRET = "the server's secret"


class Shop:
    """A business's system: keeps what it was told, and answers as it likes."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.status = 200
        self.seconds = 0.0

    async def hear(self, request: Request) -> Response:
        self.headers.append(dict(request.headers))
        self.told.append(json.loads(await request.body()))
        return Response(status_code=self.status)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/relais", self.hear, methods=["POST"])])


class Hall:
    """A business with endpoints, and the provider that tells them."""

    def __init__(self, database: Database, business_id: str) -> None:
        self.database = database
        self.business_id = business_id
        self.shop = Shop()
        self.transport = AsgiTransport(self.shop.app())
        self.now = utc_now()
        self.seconds = 0.0
        self.provider = WebhookProvider(self.transport, database, SECRET, lambda: self.now, lambda: self.seconds)

    async def endpoint(self, *events: str) -> Endpoint:
        return await self.database.write(hooks.create, self.business_id, URL, events, self.now)

    async def message(self, status: Status = Status.DELIVERED, **values: Any) -> str:
        """A message of the business that stands so."""
        row: dict[str, Any] = {
            "id": new_id(),
            "business_id": self.business_id,
            "channel": "sms",
            "origin": "push",
            "category": "tracking",
            "payload": {"text": "Grâce, appelez le +242061234567"},
            "status": status,
            "run_at": self.now,
            "created_at": self.now,
            **values,
        }
        await self.database.write(_run, sa.insert(messages).values(row))
        return str(row["id"])

    async def announce(self, *ids: str) -> bool:
        return await self.database.write(hooks.announce, ids, self.now)

    async def waiting(self) -> list[Outgoing]:
        """What is queued for endpoints."""

        def read(connection: Connection) -> list[Any]:
            m = messages.c
            return list(
                connection.execute(
                    sa.select(messages).where(m.channel == "webhook", m.status == Status.QUEUED).order_by(m.id)
                )
            )

        return [
            Outgoing(
                id=row.id,
                business_id=row.business_id,
                channel=row.channel,
                lane=row.lane,
                category=row.category,
                recipient=None,
                payload=row.payload,
                attempt=1,
            )
            for row in await self.database.read(read)
        ]

    async def status(self, message_id: str) -> str:
        return await self.database.read(
            lambda c: str(c.scalar(sa.select(messages.c.status).where(messages.c.id == message_id)))
        )


def _run(connection: Connection, statement: sa.Executable) -> None:
    connection.execute(statement)


@pytest.fixture
async def hall(database: Database) -> Hall:
    return Hall(database, await business_of(database, KIMIA_NUMBER))


async def test_a_status_is_told_signed_and_without_anybodys_number(hall: Hall) -> None:
    endpoint = await hall.endpoint()
    message = await hall.message(error="refused", error_code=7)

    assert await hall.announce(message)
    (outgoing,) = await hall.waiting()
    assert isinstance(await hall.provider.deliver(outgoing), Accepted)

    (told,), (headers,) = hall.shop.told, hall.shop.headers
    assert told["type"] == "message.delivered"
    assert (told["data"]["id"], told["data"]["status"], told["data"]["error_code"]) == (message, "delivered", 7)
    assert "+242" not in json.dumps(told)
    assert headers["webhook-id"] == outgoing.id
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    assert Webhook(derived_secret(SECRET, "webhook", endpoint.id, 1)).verify(body, headers) == told


async def test_each_endpoint_hears_what_it_wants_to(hall: Hall) -> None:
    everything, failures = await hall.endpoint(), await hall.endpoint("message.failed")
    for status in (Status.DELIVERED, Status.FAILED, Status.QUEUED, Status.SENDING):
        await hall.announce(await hall.message(status))

    heard = [(each.payload["endpoint_id"], each.payload["body"]["type"]) for each in await hall.waiting()]

    assert heard == [
        (everything.id, "message.delivered"),
        (everything.id, "message.failed"),
        (failures.id, "message.failed"),
    ]


async def test_what_becomes_of_webhooks_is_told_to_nobody(hall: Hall) -> None:
    await hall.endpoint()
    told = await hall.message(channel="webhook", origin="webhook")
    erased = await hall.message(origin="erased")

    assert not await hall.announce(told, erased)
    assert await hall.waiting() == []


async def test_after_a_change_both_secrets_sign_for_a_day(hall: Hall) -> None:
    endpoint = await hall.endpoint()
    await hall.database.write(hooks.rotate, endpoint, hall.now)
    await hall.announce(await hall.message())
    (outgoing,) = await hall.waiting()

    for hours, generations in ((23, {1, 2}), (25, {2})):
        hall.now += timedelta(hours=hours)
        await hall.provider.deliver(outgoing)
        signatures = hall.shop.headers[-1]["webhook-signature"].split()
        assert len(signatures) == len(generations)
        hall.now -= timedelta(hours=hours)


@pytest.mark.parametrize("status", [500, 404, 302, 429])
async def test_what_was_not_taken_is_tried_again_after_growing_pauses(hall: Hall, status: int) -> None:
    await hall.endpoint()
    await hall.announce(await hall.message())
    (outgoing,) = await hall.waiting()
    hall.shop.status = status

    pauses = []
    for _ in range(3):
        failed = await hall.provider.deliver(outgoing)
        assert isinstance(failed, Failed)
        assert failed.retry_after_seconds is not None
        pauses.append(failed.retry_after_seconds)
        hall.seconds += failed.retry_after_seconds
    assert pauses == [5.0, 10.0, 20.0]

    hall.shop.status = 204
    assert isinstance(await hall.provider.deliver(outgoing), Accepted)


async def test_an_endpoint_that_fails_is_left_alone_and_others_are_not(hall: Hall) -> None:
    await hall.endpoint()
    await hall.announce(await hall.message(), await hall.message())
    first, second = await hall.waiting()
    hall.transport.is_away = True

    for outgoing in (first, second, first):
        failed = await hall.provider.deliver(outgoing)
        assert isinstance(failed, Failed)
        assert not failed.was_asked, "the provider is not to blame"
    hall.transport.is_away = False
    assert hall.shop.told == []

    other = await hall.endpoint()
    await hall.announce(await hall.message())
    (new,) = [each for each in await hall.waiting() if each.payload["endpoint_id"] == other.id]
    assert isinstance(await hall.provider.deliver(new), Accepted)


async def test_who_is_gone_or_fails_for_days_is_switched_off(hall: Hall) -> None:
    _, dead = await hall.endpoint(), await hall.endpoint()
    old = await hall.message(
        Status.EXPIRED, channel="webhook", origin="webhook", group_key=group_of(dead.id), payload={}
    )
    await hall.announce(await hall.message())
    to_gone, to_dead = await hall.waiting()

    hall.shop.status = 410
    await hall.provider.deliver(to_gone)
    assert await hall.status(to_gone.id) == Status.CANCELLED
    hall.shop.status = 500
    await hall.provider.deliver(to_dead)
    assert await hall.status(to_dead.id) == Status.QUEUED
    hall.now += timedelta(days=3, minutes=1)
    hall.seconds += 3600
    await hall.provider.deliver(to_dead)

    one, two = await hall.database.read(hooks.listed, hall.business_id)
    assert "410" in (one.disabled_reason or "")
    assert "500" in (two.disabled_reason or "")
    assert not await hall.announce(await hall.message()), "nobody is left to tell"

    # A new start forgets what was before.
    back = await hall.database.write(hooks.change, two, {"is_enabled": True}, hall.now)
    assert back.disabled_at is None
    await hall.announce(await hall.message(created_at=hall.now))
    (again,) = await hall.waiting()
    hall.seconds += 3600
    await hall.provider.deliver(again)
    assert (await hall.database.read(hooks.find, hall.business_id, two.id)).disabled_at is None  # type: ignore[union-attr]
    assert await hall.status(old) == Status.EXPIRED


async def test_what_was_taken_meanwhile_ends_the_counting_of_days(hall: Hall) -> None:
    endpoint = await hall.endpoint()
    group = {"channel": "webhook", "origin": "webhook", "group_key": group_of(endpoint.id), "payload": {}}
    await hall.message(Status.EXPIRED, created_at=hall.now - timedelta(days=9), **group)
    await hall.message(Status.SENT, settled_at=hall.now - timedelta(days=1), **group)
    await hall.announce(await hall.message())
    hall.shop.status = 500

    (outgoing,) = await hall.waiting()
    await hall.provider.deliver(outgoing)

    assert (await hall.database.read(hooks.find, hall.business_id, endpoint.id)).disabled_at is None  # type: ignore[union-attr]


async def test_a_deleted_endpoint_is_told_nothing_more(hall: Hall) -> None:
    endpoint = await hall.endpoint()
    await hall.announce(await hall.message())
    (outgoing,) = await hall.waiting()

    await hall.database.write(hooks.delete, endpoint, hall.now)

    assert await hall.waiting() == []
    assert isinstance(await hall.provider.deliver(outgoing), Failed)
    assert hall.shop.told == []
