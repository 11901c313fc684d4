"""Reads again what WhatsApp sent and found no place: after an upgrade, or when business.yml has learnt a number."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import BadWebhook, parse
from conversations import kept
from conversations.inbox import Inbox, Stored
from conversations.kept import Kept
from server.parts import utc_now
from storage.database import Database

BATCH = 100
"""Items of one transaction: SQLite's one writer is the server's, and is not to be held up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """How many items found their place, how many turns came of them, and how many items are left."""

    placed: int = 0
    turns: int = 0
    left: int = 0

    def __add__(self, more: "Replayed") -> "Replayed":
        return Replayed(placed=self.placed + more.placed, turns=self.turns + more.turns, left=self.left + more.left)


async def replay(database: Database, inbox: Inbox, tell: Callable[[Replayed], None]) -> Replayed:
    """Try every item once, oldest first; `tell` hears of the progress."""
    so_far, after = Replayed(), None
    while items := await database.read(kept.open_items, BATCH, after):
        after = items[-1].id
        so_far += await database.write(_replay_batch, inbox, items)
        tell(so_far)
    return so_far


def _replay_batch(connection: Connection, inbox: Inbox, items: list[Kept]) -> Replayed:
    batch = Replayed()
    for item in items:
        stored = _replay_one(connection, inbox, item)
        batch += Replayed(left=1) if stored is None else Replayed(placed=1, turns=stored.turns)
    return batch


def _replay_one(connection: Connection, inbox: Inbox, item: Kept) -> Stored | None:
    try:
        found = parse(json.dumps(item.body).encode())
        # What breaks again changes nothing, and stays where it is.
        with connection.begin_nested():
            return inbox.replay(connection, item, found, utc_now())
    except (BadWebhook, *kept.UNSTORABLE):
        return None
