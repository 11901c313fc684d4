"""What happens when either side writes or reads: stored, and the webhooks it causes, in one transaction."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.whatsapp.emulator.chats import Chat, Chats, Message
from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.directory import Directory
from channels.whatsapp.emulator.envelope import message_body, status_body
from channels.whatsapp.emulator.feed import Feed
from channels.whatsapp.emulator.numbers import new_wamid
from channels.whatsapp.emulator.webhook_queue import WebhookQueue

TYPING_LASTS = timedelta(seconds=25)  # Meta's documentation: gone on a reply or after 25 s

type Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Switchboard:
    def __init__(
        self, database: Database, chats: Chats, queue: WebhookQueue, directory: Directory, feed: Feed, clock: Clock
    ) -> None:
        self._database = database
        self._chats = chats
        self._queue = queue
        self._directory = directory
        self._feed = feed
        self._clock = clock

    def seed(self) -> None:
        """Put the ready-made phones on the table, and forget old logs."""
        now = self._clock()
        with self._database.transaction() as t:
            for person in self._directory.people:
                self._chats.open(t, person.phone_number_id, person.wa_id, person.name)
            self._queue.prune(t, now)
            t.execute("DELETE FROM requests WHERE at < ?", ((now - timedelta(days=7)).timestamp(),))

    def open_chat(self, phone_number_id: str, wa_id: str, name: str | None = None) -> Chat:
        with self._database.transaction() as t:
            chat = self._chats.open(t, phone_number_id, wa_id, name)
        self._feed.wake()
        return chat

    def person_sends(self, chat: Chat, payload: Mapping[str, Any], context_wamid: str | None) -> Message:
        now = self._clock()
        number = self._directory.numbers[chat.phone_number_id]
        with self._database.transaction() as t:
            message = self._chats.add(
                t,
                chat,
                wamid=new_wamid(chat.wa_id, to_business=True),
                sender="person",
                payload=payload,
                at=now,
                status="accepted",
                context_wamid=context_wamid,
            )
            body = message_body(number, chat, message)
            about = str(payload["type"])
            self._queue.put(t, lane=chat.key, about=about, message_id=message.id, body=body, at=now)
        self._feed.wake()
        return message

    def person_reads(self, chat: Chat) -> int:
        """The chat is before the person's eyes: everything in it is read. Returns how many messages were new."""
        new = self._chats.unread(chat, "business")
        if not new:
            return 0
        with self._database.transaction() as t:
            for message in new:
                self._report(t, chat, message, "read")
        self._feed.wake()
        return len(new)

    def business_sends(
        self,
        chat: Chat,
        payload: Mapping[str, Any],
        *,
        context_wamid: str | None,
        callback_data: str | None,
        receipts: bool,
    ) -> Message:
        now = self._clock()
        with self._database.transaction() as t:
            message = self._chats.add(
                t,
                chat,
                wamid=new_wamid(chat.wa_id, to_business=False),
                sender="business",
                payload=payload,
                at=now,
                status="accepted",
                context_wamid=context_wamid,
                callback_data=callback_data,
                receipts=receipts,
            )
            for status in ("sent", "delivered"):  # every emulated phone is switched on and has a network
                self._report(t, chat, message, status)
        self._feed.wake()
        return message

    def business_reads(self, message: Message, *, typing: bool) -> None:
        """Blue ticks for this message and all before it; with `typing`, the dots show for a while."""
        now = self._clock()
        chat = self._chats.by_id(message.chat_id)
        with self._database.transaction() as t:
            for earlier in self._chats.unread(chat, "person", up_to=message.id):
                self._chats.raise_status(t, earlier, "read", now)
            if typing:
                self._chats.show_typing(t, chat, now + TYPING_LASTS)
        self._feed.wake()

    def _report(self, t: Any, chat: Chat, message: Message, status: str) -> None:
        now = self._clock()
        if self._chats.raise_status(t, message, status, now) and message.receipts:
            body = status_body(self._directory.numbers[chat.phone_number_id], chat, message, status, now)
            self._queue.put(t, lane=chat.key, about=status, message_id=message.id, body=body, at=now)
