"""A page that takes nothing: it costs no more than one frame, is let go, and finds everything on coming back."""

import asyncio
import socket
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.applications import Starlette
from starlette.routing import Mount
from websockets.asyncio.client import connect

from notifications.tables import messages
from server.inbox import inbox_app
from server.inbox.live import Pauses
from storage.clock import database_now
from storage.tables import subscribers
from storage.types import new_id
from telemetry.metrics import REGISTRY
from tests.house import House
from tests.server.api.shop import Shop
from tests.server.inbox.inboxes import App, app_of, shop_with_inbox
from tests.server.inbox.lines import LiveLine, line
from tests.serving import serving
from tests.waiting import until

IN_A_BURST = 40


@pytest.fixture
async def shop(small_house: House) -> Shop:
    return await shop_with_inbox(small_house)


def lines_open() -> float | None:
    return REGISTRY.get_sample_value("relais_inbox_lines")


async def burst(app: App) -> list[str]:
    """Many long messages at once, then the news of them, one by one."""
    ids = await app.house.parts.database.write(_put, app.subscriber_id)
    for _ in ids:
        app.house.parts.news.tell([app.subscriber_id])
    return list(ids)


def _put(connection: Connection, subscriber_id: str) -> list[str]:
    s = subscribers.c
    business_id = connection.scalar(sa.select(s.business_id).where(s.id == subscriber_id))
    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "business_id": business_id,
            "subscriber_id": subscriber_id,
            "channel": "inapp",
            "origin": "push",
            "category": "transactional",
            "payload": {"title": "Colis", "body": "é" * 4_000},
            "status": "sent",
            "created_at": now,
            "claimed_at": now,
            "settled_at": now,
        }
        for _ in range(IN_A_BURST)
    ]
    connection.execute(sa.insert(messages).values(run_at=database_now()), rows)
    return [row["id"] for row in rows]


async def test_a_burst_is_told_in_few_frames(shop: Shop) -> None:
    app = await app_of(shop)
    served = Starlette(routes=[Mount("/inbox", inbox_app(shop.house.parts))])
    async with serving(served) as address, line(address, app.token) as live:
        await live.frame()
        ids = await burst(app)

        seen: set[str] = set()
        frames = 0
        while seen < set(ids):
            frame = await live.frame()
            frames += 1
            seen |= {each["id"] for each in frame["messages"]}
        assert frame["counts"]["unread"] == IN_A_BURST
        assert frames <= 3


async def test_who_takes_nothing_is_let_go_and_comes_back(shop: Shop) -> None:
    app = await app_of(shop)
    served = Starlette(routes=[Mount("/inbox", inbox_app(shop.house.parts, Pauses(beat=0.05, send=0.2)))])
    before = lines_open()
    async with serving(served, buffered_bytes=8_192) as address:
        stuck = socket.socket()
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        stuck.setblocking(False)
        host, port = address.split(":")
        await asyncio.get_running_loop().sock_connect(stuck, (host, int(port)))
        async with connect(f"ws://{address}/inbox/v1/live", sock=stuck, compression=None, proxy=None) as connection:
            live = LiveLine(connection)
            await live.say(type="hello", token=app.token)
            since = (await live.frame())["since"]
            # From here on it takes nothing: one burst is more than what the system keeps for it.
            connection.transport.pause_reading()
            ids = await burst(app)

            async def is_gone() -> bool:
                return lines_open() == before

            await until(is_gone)
            connection.transport.abort()

        async with line(address, app.token, since=since) as live:
            ready = await live.frame()
            assert ready["counts"] == {"unread": len(ids), "total": len(ids)}
            assert {each["id"] for each in ready["messages"]} == set(ids)
            assert ready["is_complete"]
