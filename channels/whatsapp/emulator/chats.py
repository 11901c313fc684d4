"""Phones, their chats with business numbers, and the messages in them: the tables the page shows."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from channels.whatsapp.emulator.database import Database, next_change

type Sender = Literal["business", "person"]

# What a message has come to, lowest first; a status never goes back.
#   accepted: WhatsApp has it. sent: it left for the other side. delivered, read: by the phone or by the server.
LADDER = ("accepted", "sent", "delivered", "read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    id: int
    phone_number_id: str
    wa_id: str
    name: str  # the person's profile name
    typing_until_at: datetime
    change: int

    @property
    def key(self) -> str:
        """How addresses, element ids and webhook lanes name this chat."""
        return f"{self.phone_number_id}-{self.wa_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: int
    chat_id: int
    wamid: str
    sender: Sender
    payload: Mapping[str, Any]  # {"type": "text", "text": {...}}
    context_wamid: str | None
    callback_data: str | None
    receipts: bool  # False: a fault keeps its statuses from the server
    at: datetime
    status: str
    change: int


class Chats:
    """Methods that write take the open transaction's connection: callers decide what belongs together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last_change(self) -> int:
        row = self._database.row("SELECT change FROM counter")
        return int(row["change"]) if row else 0

    def recent(self, most: int = -1) -> list[Chat]:
        """The chats in which something happened last, first."""
        return [_chat(row) for row in self._database.rows(f"{_CHATS} ORDER BY chats.change DESC LIMIT ?", most)]

    def changed_since(self, change: int) -> list[Chat]:
        return [_chat(row) for row in self._database.rows(f"{_CHATS} WHERE chats.change > ?", change)]

    def find(self, phone_number_id: str, wa_id: str) -> Chat | None:
        row = self._database.row(f"{_CHATS} WHERE phone_number_id = ? AND chats.wa_id = ?", phone_number_id, wa_id)
        return _chat(row) if row else None

    def by_id(self, chat_id: int) -> Chat:
        row = self._database.row(f"{_CHATS} WHERE chats.id = ?", chat_id)
        if row is None:
            raise LookupError(chat_id)
        return _chat(row)

    def open(self, t: sqlite3.Connection, phone_number_id: str, wa_id: str, name: str | None) -> Chat:
        """The chat, made if need be; a name given renames the phone."""
        t.execute("INSERT INTO phones VALUES (?, ?) ON CONFLICT DO NOTHING", (wa_id, name or f"+{wa_id}"))
        if name:
            t.execute("UPDATE phones SET name = ? WHERE wa_id = ?", (name, wa_id))
        if not (found := self.find(phone_number_id, wa_id)):
            t.execute(
                "INSERT INTO chats (phone_number_id, wa_id, change) VALUES (?, ?, ?)",
                (phone_number_id, wa_id, next_change(t)),
            )
            found = self.find(phone_number_id, wa_id)
        if found is None:
            raise LookupError(wa_id)
        return found

    def show_typing(self, t: sqlite3.Connection, chat: Chat, until_at: datetime) -> None:
        t.execute(
            "UPDATE chats SET typing_until = ?, change = ? WHERE id = ?",
            (until_at.timestamp(), next_change(t), chat.id),
        )

    def add(
        self,
        t: sqlite3.Connection,
        chat: Chat,
        *,
        wamid: str,
        sender: Sender,
        payload: Mapping[str, Any],
        at: datetime,
        status: str,
        context_wamid: str | None = None,
        callback_data: str | None = None,
        receipts: bool = True,
    ) -> Message:
        change = next_change(t)
        values = (chat.id, wamid, sender, json.dumps(payload, ensure_ascii=False), context_wamid, callback_data)
        row = t.execute(
            "INSERT INTO messages (chat_id, wamid, sender, payload, context_wamid, callback_data, receipts, at,"
            " status, change) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (*values, receipts, at.timestamp(), status, change),
        ).fetchone()
        # A reply ends the typing indicator, as it does at Meta.
        t.execute(
            "UPDATE chats SET change = ?, typing_until = iif(?, 0, typing_until) WHERE id = ?",
            (change, sender == "business", chat.id),
        )
        return _message(row)

    def raise_status(self, t: sqlite3.Connection, message: Message, status: str, at: datetime) -> bool:
        """Note a status; tells whether the message is further now than before."""
        t.execute("INSERT INTO statuses VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (message.id, status, at.timestamp()))
        row = t.execute("SELECT status FROM messages WHERE id = ?", (message.id,)).fetchone()
        if LADDER.index(status) <= LADDER.index(row["status"]):
            return False
        change = next_change(t)
        t.execute("UPDATE messages SET status = ?, change = ? WHERE id = ?", (status, change, message.id))
        t.execute("UPDATE chats SET change = ? WHERE id = ?", (change, message.chat_id))
        return True

    def messages(
        self, chat: Chat, *, after: int = 0, changed_since: int = -1, latest: int | None = None
    ) -> list[Message]:
        """In the order they were written; `after` is a message id, `latest` keeps only the last so many."""
        rows = self._database.rows(
            "SELECT * FROM messages WHERE chat_id = ? AND id > ? AND change > ? ORDER BY id DESC LIMIT ?",
            *(chat.id, after, changed_since, -1 if latest is None else latest),
        )
        return [_message(row) for row in reversed(rows)]

    def message(self, message_id: int) -> Message:
        row = self._database.row("SELECT * FROM messages WHERE id = ?", message_id)
        if row is None:
            raise LookupError(message_id)
        return _message(row)

    def by_wamid(self, wamid: str) -> Message | None:
        row = self._database.row("SELECT * FROM messages WHERE wamid = ?", wamid)
        return _message(row) if row else None

    def unread(self, chat: Chat, sender: Sender, *, up_to: int | None = None) -> list[Message]:
        """Messages of that side the other has not read, up to a message id."""
        rows = self._database.rows(
            "SELECT * FROM messages WHERE chat_id = ? AND sender = ? AND status <> 'read' AND id <= ? ORDER BY id",
            *(chat.id, sender, up_to if up_to is not None else 2**62),
        )
        return [_message(row) for row in rows]

    def count_unread(self, chat: Chat) -> int:
        """How many of the business's messages wait for the person's eyes."""
        row = self._database.row(
            "SELECT count(*) AS unread FROM messages WHERE chat_id = ? AND sender = 'business' AND status <> 'read'",
            chat.id,
        )
        return int(row["unread"]) if row else 0

    def statuses(self, message: Message) -> list[tuple[str, datetime]]:
        rows = self._database.rows("SELECT * FROM statuses WHERE message_id = ? ORDER BY at, rowid", message.id)
        return [(row["status"], _at(row["at"])) for row in rows]


_CHATS = "SELECT chats.*, phones.name FROM chats JOIN phones ON phones.wa_id = chats.wa_id"


def _chat(row: sqlite3.Row) -> Chat:
    return Chat(
        id=row["id"],
        phone_number_id=row["phone_number_id"],
        wa_id=row["wa_id"],
        name=row["name"],
        typing_until_at=_at(row["typing_until"]),
        change=row["change"],
    )


def _message(row: sqlite3.Row) -> Message:
    return Message(
        id=row["id"],
        chat_id=row["chat_id"],
        wamid=row["wamid"],
        sender=row["sender"],
        payload=json.loads(row["payload"]),
        context_wamid=row["context_wamid"],
        callback_data=row["callback_data"],
        receipts=bool(row["receipts"]),
        at=_at(row["at"]),
        status=row["status"],
        change=row["change"],
    )


def _at(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
