"""Receipts taken per second when each comes 46 times: our server alone, since no peer has them."""

import asyncio
import hashlib
import hmac
import json
import random
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks.posting import Post, flood
from benchmarks.receivers import Ours
from benchmarks.relais_people import conversations_in_order, prepare, wa_id
from benchmarks.services import PostgresDatabase, postgres_database
from benchmarks.sides import RunInvalid
from notifications.tables import messages
from server.settings import ROOT
from storage.database import database_url, open_database
from storage.types import new_id
from tests.stack import KIMIA

DELIVERIES: Final = 46
"""How often each comes: webhooks come at least once, and somebody counted one of SendGrid's 46 times (docs#2933)."""

SEED: Final = 46
"""Of the order in which they come: the same in every run."""

QUESTION: Final = """SELECT (SELECT count(*) FROM receipts) AS receipts,
                            (SELECT count(*) FROM messages WHERE status = 'delivered') AS delivered"""


async def receipts_per_second(folder: Path, server: str | None, count: int) -> float:
    """Webhooks acknowledged per second, with so many receipts 46 times each; on SQLite without a `server`.

    Raises RunInvalid unless each was kept once and its message is delivered.
    """
    async with _database(server) as database:
        place = folder / f"receipts-{new_id()}"
        ours = Ours(place, database.url if database else None)
        await _plant(database.url if database else f"sqlite:///{(place / 'relais.db').resolve()}", count)
        try:
            await asyncio.to_thread(ours.start)
            rate = await flood(ours, _posts(ours.secret, count))
        finally:
            await asyncio.to_thread(ours.stop)
        kept = await _kept(database, place / "relais.db")
    if kept != (count, count):
        raise RunInvalid(f"of {count} receipts {kept[0]} are kept, and {kept[1]} messages are delivered")
    return rate


@asynccontextmanager
async def _database(server: str | None) -> AsyncIterator[PostgresDatabase | None]:
    if server is None:
        yield None
        return
    async with postgres_database(server) as database:
        yield database


async def _plant(url: str, count: int) -> None:
    """So many messages that were sent."""
    database = open_database(database_url(url, ROOT / "var/relais.db"))
    try:
        await prepare(database, count)
        await database.write(_send_all)
    finally:
        await database.close()


def _send_all(connection: sa.Connection) -> None:
    now = datetime.now(UTC)
    connection.execute(
        sa.insert(messages),
        [
            {
                "id": new_id(),
                "business_id": business_id,
                "conversation_id": conversation_id,
                "channel": "whatsapp",
                "origin": "service",
                "category": "transactional",
                "payload": {"type": "text", "text": {"body": "Votre livraison est en route."}},
                "status": "sent",
                "provider_message_id": f"wamid.SENT{number}",
                "noted": True,
                "run_at": now,
                "created_at": now,
                "settled_at": now,
            }
            for number, (business_id, conversation_id) in enumerate(conversations_in_order(connection))
        ],
    )


def _posts(secret: str, count: int) -> list[Post]:
    each = [_post(secret, number) for number in range(count)]
    posts = each * DELIVERIES
    random.Random(SEED).shuffle(posts)
    return posts


def _post(secret: str, number: int) -> Post:
    status = {
        "id": f"wamid.SENT{number}",
        "status": "delivered",
        "timestamp": str(int(time.time())),
        "recipient_id": wa_id(number),
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "242065000001", "phone_number_id": KIMIA},
        "statuses": [status],
    }
    entry = {"id": "200000000000001", "changes": [{"value": value, "field": "messages"}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    return Post(body, "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())


async def _kept(database: PostgresDatabase | None, file: Path) -> tuple[int, int]:
    if database is not None:
        (row,) = await database.fetch(QUESTION)
        return row["receipts"], row["delivered"]
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as embedded:
        receipts, delivered = embedded.execute(QUESTION).fetchone()
    return receipts, delivered
