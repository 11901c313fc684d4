"""Days that pass for one person of a script: everything that is kept of them happened so much earlier.

The clocks of the processes stay as they are, and so does what others see.
"""

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from tests.stack import Stack

_PEOPLE = "SELECT subscriber_id FROM addresses WHERE kind = 'phone' AND value = :phone"
_TALKS = f"SELECT id FROM conversations WHERE subscriber_id IN ({_PEOPLE})"
_MISSIONS = "SELECT code FROM missions WHERE customer_phone = :phone"

_OF_RELAIS = (
    f"UPDATE conversations SET last_inbound_at = {{last_inbound_at}} WHERE id IN ({_TALKS})",
    f"UPDATE reply_tokens SET expires_at = {{expires_at}} WHERE conversation_id IN ({_TALKS})",
    f"UPDATE tracking_links SET expires_at = {{expires_at}} WHERE conversation_id IN ({_TALKS})",
    f"UPDATE handoffs SET asked_at = {{asked_at}} WHERE conversation_id IN ({_TALKS})",
)
_OF_THE_BACKEND = (
    "UPDATE missions SET created_at = {created_at} WHERE customer_phone = :phone",
    "UPDATE orders SET created_at = {created_at} WHERE customer_phone = :phone",
    f"UPDATE steps SET reached_at = {{reached_at}} WHERE mission IN ({_MISSIONS})",
)
# With new numbers, or the bot would go on with the events that it remembers.
_OF_THE_BOT = """
    UPDATE events SET seq = seq + 1000000, timestamp = timestamp - :days * 86400,
           data = json_set(data, '$.timestamp', json_extract(data, '$.timestamp') - :days * 86400)
     WHERE replace(sender_id, '-', '') IN (
         SELECT conversations.id FROM server.conversations JOIN server.addresses USING (subscriber_id)
          WHERE value = :phone
     )
"""
_MOMENTS = ("last_inbound_at", "expires_at", "asked_at", "created_at", "reached_at")


def let_days_pass(stack: Stack, phone: str, days: int) -> None:
    """So many days later for the person with this phone ("242061116001")."""
    if not days:
        return
    with _database(stack.folder / "relais.db") as database, database:
        _earlier(database, _OF_RELAIS, phone, days, "%Y-%m-%d %H:%M:%f000")
    with _database(stack.folder / "backend.db") as database, database:
        _earlier(database, _OF_THE_BACKEND, phone, days, "%Y-%m-%dT%H:%M:%S+00:00")
    with _database(stack.folder / "bot.db") as database:
        database.execute("ATTACH ? AS server", (str(stack.folder / "relais.db"),))
        with database:
            database.execute(_OF_THE_BOT, {"phone": f"+{phone}", "days": days})


def _earlier(database: sqlite3.Connection, updates: Sequence[str], phone: str, days: int, form: str) -> None:
    moments = {name: f"strftime('{form}', {name}, '-{days} days')" for name in _MOMENTS}
    for update in updates:
        database.execute(update.format(**moments), {"phone": f"+{phone}"})


def _database(file: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(file, timeout=10))
