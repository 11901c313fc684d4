"""Phones, their chats with business numbers, and the messages in them: the tables the page shows."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from channels.whatsapp.emulator.database import Database, next_change
from channels.whatsapp.emulator.directory import Directory
from channels.whatsapp.emulator.numbers import user_id

type Sender = Literal["business", "person"]
type ChatFlag = Literal["blocked", "barred", "marketing_stopped"]

# What a message has come to, lowest first; a status never goes back.
#   accepted: WhatsApp has it. sent: it left for the other side. delivered, read: by the phone or by the server.
#   failed: it did not get there, as far as one device knows. played: a voice note was listened to.
LADDER = ("accepted", "sent", "failed", "delivered", "read", "played")
# What a person does without opening the customer service window: they write nothing.
NOT_WRITING = ("reaction", "edit", "revoke", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    id: int
    phone_number_id: str
    wa_id: str
    name: str  # the person's profile name
    user_id: str  # business-scoped
    username: str | None
    hides_number: bool  # the business learns the user id alone
    wrote_at: datetime | None  # when the person last opened the customer service window
    blocked: bool  # the person blocks the business
    barred: bool  # the business blocks the person
    marketing_stopped: bool
    typing_until_at: datetime
    change: int

    @property
    def key(self) -> str:
        """How addresses, element ids and webhook lanes name this chat."""
        return f"{self.phone_number_id}-{self.wa_id}"

    @property
    def digits(self) -> str:
        """What message ids hold of the person."""
        return "".join(sign for sign in self.user_id if sign.isdigit()) if self.hides_number else self.wa_id


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

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

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
        t.execute("INSERT INTO phones (wa_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING", (wa_id, name or f"+{wa_id}"))
        if name:
            t.execute("UPDATE phones SET name = ? WHERE wa_id = ?", (name, wa_id))
        if not (found := self.find(phone_number_id, wa_id)):
            t.execute(
                "INSERT INTO chats (phone_number_id, wa_id, change) VALUES (?, ?, ?)",
                (phone_number_id, wa_id, next_change(t)),
            )
            self.name_users(t)
            found = self.find(phone_number_id, wa_id)
        if found is None:
            raise LookupError(wa_id)
        return found

    def by_user_id(self, phone_number_id: str, user_id: str) -> Chat | None:
        row = self._database.row(f"{_CHATS} WHERE phone_number_id = ? AND user_id = ?", phone_number_id, user_id)
        return _chat(row) if row else None

    def of_phone(self, wa_id: str) -> list[Chat]:
        """The person's chats with every business."""
        return [_chat(row) for row in self._database.rows(f"{_CHATS} WHERE chats.wa_id = ? ORDER BY chats.id", wa_id)]

    def name_users(self, t: sqlite3.Connection) -> None:
        """Give a user id to every chat that has none: new ones, and those whose person has a new identity."""
        rows = t.execute(
            "SELECT chats.id, phone_number_id, chats.wa_id, identity FROM chats"
            " JOIN phones ON phones.wa_id = chats.wa_id WHERE user_id IS NULL"
        ).fetchall()
        for row in rows:
            number = self._directory.numbers.get(row["phone_number_id"])
            scope = number.account_id if number else row["phone_number_id"]
            named = user_id(scope, row["wa_id"], row["identity"])
            t.execute("UPDATE chats SET user_id = ? WHERE id = ?", (named, row["id"]))

    def mark(self, t: sqlite3.Connection, chat: Chat, flag: ChatFlag, on: bool) -> None:
        t.execute(_MARK[flag], (on, next_change(t), chat.id))

    def hide_number(self, t: sqlite3.Connection, wa_id: str, *, hidden: bool, username: str | None) -> None:
        t.execute("UPDATE phones SET hides_number = ?, username = ? WHERE wa_id = ?", (hidden, username, wa_id))
        t.execute("UPDATE chats SET change = ? WHERE wa_id = ?", (next_change(t), wa_id))

    def exchange_identity(self, t: sqlite3.Connection, wa_id: str) -> None:
        """The person gets other user ids, as after a change of number."""
        t.execute("UPDATE phones SET identity = identity + 1 WHERE wa_id = ?", (wa_id,))
        t.execute("UPDATE chats SET user_id = NULL, change = ? WHERE wa_id = ?", (next_change(t), wa_id))
        self.name_users(t)

    def move(self, t: sqlite3.Connection, wa_id: str, new_wa_id: str) -> None:
        """The person takes another number along with name and chats; nobody may have it yet."""
        t.execute(
            "INSERT INTO phones (wa_id, name, username, hides_number, identity)"
            " SELECT ?, name, username, hides_number, identity FROM phones WHERE wa_id = ?",
            (new_wa_id, wa_id),
        )
        t.execute("UPDATE chats SET wa_id = ? WHERE wa_id = ?", (new_wa_id, wa_id))
        t.execute("DELETE FROM phones WHERE wa_id = ?", (wa_id,))
        self.exchange_identity(t, new_wa_id)

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
        if sender == "person" and payload["type"] not in NOT_WRITING:
            t.execute("UPDATE chats SET wrote_at = ? WHERE id = ?", (at.timestamp(), chat.id))
        # What is done to a message changes how it looks.
        if row["about_wamid"]:
            t.execute("UPDATE messages SET change = ? WHERE wamid = ?", (change, row["about_wamid"]))
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

    def remarks(self, message: Message) -> list[Message]:
        """What was done to a message since: reactions, edits, its deletion; oldest first."""
        rows = self._database.rows(
            "SELECT * FROM messages WHERE about_wamid = ? AND chat_id = ? ORDER BY id", message.wamid, message.chat_id
        )
        return [_message(row) for row in rows]

    def unread(self, chat: Chat, sender: Sender, *, up_to: int | None = None) -> list[Message]:
        """Messages of that side the other has not read, up to a message id."""
        rows = self._database.rows(
            f"{_UNREAD} AND id <= ? ORDER BY id",
            *(chat.id, sender, up_to if up_to is not None else 2**62),
        )
        return [_message(row) for row in rows]

    def count_unread(self, chat: Chat) -> int:
        """How many of the business's messages wait for the person's eyes."""
        row = self._database.row(
            "SELECT count(*) AS unread FROM messages WHERE chat_id = ? AND sender = 'business'"
            " AND status NOT IN ('read', 'played', 'failed') AND about_wamid IS NULL",
            chat.id,
        )
        return int(row["unread"]) if row else 0

    def statuses(self, message: Message) -> list[tuple[str, datetime]]:
        rows = self._database.rows("SELECT * FROM statuses WHERE message_id = ? ORDER BY at, rowid", message.id)
        return [(row["status"], _at(row["at"])) for row in rows]


_CHATS = (
    "SELECT chats.*, phones.name, phones.username, phones.hides_number"
    " FROM chats JOIN phones ON phones.wa_id = chats.wa_id"
)
_MARK: Mapping[ChatFlag, str] = {
    "blocked": "UPDATE chats SET blocked = ?, change = ? WHERE id = ?",
    "barred": "UPDATE chats SET barred = ?, change = ? WHERE id = ?",
    "marketing_stopped": "UPDATE chats SET marketing_stopped = ?, change = ? WHERE id = ?",
}
# A message that failed is not on the phone, so nobody can read it; nor does one read a reaction.
_UNREAD = (
    "SELECT * FROM messages WHERE chat_id = ? AND sender = ? AND status NOT IN ('read', 'played', 'failed')"
    " AND about_wamid IS NULL"
)


def _chat(row: sqlite3.Row) -> Chat:
    return Chat(
        id=row["id"],
        phone_number_id=row["phone_number_id"],
        wa_id=row["wa_id"],
        name=row["name"],
        user_id=row["user_id"],
        username=row["username"],
        hides_number=bool(row["hides_number"]),
        wrote_at=None if row["wrote_at"] is None else _at(row["wrote_at"]),
        blocked=bool(row["blocked"]),
        barred=bool(row["barred"]),
        marketing_stopped=bool(row["marketing_stopped"]),
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
