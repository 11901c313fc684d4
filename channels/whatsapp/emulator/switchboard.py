"""What happens when either side writes or reads: stored, and the webhooks it causes, in one transaction."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from channels.whatsapp.emulator.chats import Chat, Chats, Message
from channels.whatsapp.emulator.clock import Clock
from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.directory import Directory
from channels.whatsapp.emulator.envelope import about, contact, digits, message_value, seconds
from channels.whatsapp.emulator.feed import Feed
from channels.whatsapp.emulator.media_links import MediaLinks
from channels.whatsapp.emulator.numbers import new_wamid
from channels.whatsapp.emulator.outgoing import Outgoing
from channels.whatsapp.emulator.receipts import Receipts
from channels.whatsapp.emulator.status_plan import SENT_ONLY, USUAL, StatusPlan, StatusStep, failing

TYPING_LASTS = timedelta(seconds=25)  # Meta's documentation: gone on a reply or after 25 s


class Switchboard:
    def __init__(
        self,
        database: Database,
        chats: Chats,
        directory: Directory,
        outgoing: Outgoing,
        receipts: Receipts,
        links: MediaLinks,
        feed: Feed,
        clock: Clock,
    ) -> None:
        self._database = database
        self._chats = chats
        self._directory = directory
        self._outgoing = outgoing
        self._receipts = receipts
        self._links = links
        self._feed = feed
        self._clock = clock

    def open_chat(self, phone_number_id: str, wa_id: str, name: str | None = None) -> Chat:
        with self._database.transaction() as t:
            chat = self._chats.open(t, phone_number_id, wa_id, name)
        self._feed.wake()
        return chat

    def person_sends(self, chat: Chat, payload: Mapping[str, Any], context_wamid: str | None) -> Message:
        """Keep what a person sends, and tell the server; one whom the business blocks is not told of."""
        number = self._directory.numbers[chat.phone_number_id]
        with self._database.transaction() as t:
            message = self._chats.add(
                t,
                chat,
                wamid=new_wamid(chat.digits, to_business=True),
                sender="person",
                payload=payload,
                at=self._clock(),
                status="accepted",
                context_wamid=context_wamid,
            )
            if not chat.barred:
                value = message_value(number, chat, message)
                for item in value["messages"]:
                    self._links.put_into(item)
                kind = str(payload["type"])
                self._outgoing.tell(t, number.account_id, value, lane=chat.key, about=kind, message_id=message.id)
        self._feed.wake()
        return message

    def person_reads(self, chat: Chat) -> int:
        """The chat is before the person's eyes: everything in it is read. Returns how many messages were new."""
        new = self._chats.unread(chat, "business")
        if not new:
            return 0
        with self._database.transaction() as t:
            for message in new:
                self._receipts.report(t, chat, message, StatusStep(status="read"))
        self._feed.wake()
        return len(new)

    def person_plays(self, message: Message) -> None:
        """The person listens to a voice note of the business."""
        with self._database.transaction() as t:
            self._receipts.report(t, self._chats.by_id(message.chat_id), message, StatusStep(status="played"))
        self._feed.wake()

    def block(self, chat: Chat, blocked: bool) -> None:
        """The person blocks the business, or lets it write again. Nobody tells the business."""
        with self._database.transaction() as t:
            self._chats.mark(t, chat, "blocked", blocked)
        self._feed.wake()

    def prefer_marketing(self, chat: Chat, wish: Literal["stop", "resume"]) -> None:
        """The person wants no more offers of this business, or wants them again."""
        number = self._directory.numbers[chat.phone_number_id]
        now = self._clock()
        preference = {
            **contact(chat),
            "detail": f"User requested to {wish} marketing messages",
            "category": "marketing_messages",
            "value": wish,
            "timestamp": int(now.timestamp()),  # a number here, unlike elsewhere
        }
        person = {"profile": {"name": chat.name}, **contact(chat)}
        value = about(number, {"contacts": [person], "user_preferences": [preference]})
        with self._database.transaction() as t:
            self._chats.mark(t, chat, "marketing_stopped", wish == "stop")
            self._outgoing.tell(
                t, number.account_id, value, lane=chat.key, about=f"marketing {wish}", field="user_preferences"
            )
        self._feed.wake()

    def echo(self, chat: Chat, payload: Mapping[str, Any]) -> Message:
        """Somebody at the business writes by hand, in its WhatsApp app (coexistence): the server is told."""
        number = self._directory.numbers[chat.phone_number_id]
        with self._database.transaction() as t:
            message = self._add(t, chat, payload, context_wamid=None, callback_data=None, receipts=False)
            item = {
                "from": digits(number.display_number),
                **({} if chat.hides_number else {"to": chat.wa_id}),
                "to_user_id": chat.user_id,
                "id": message.wamid,
                "timestamp": seconds(message.at),
                **payload,
            }
            value = about(number, {"contacts": [contact(chat)], "message_echoes": [item]})
            self._receipts.begin(t, chat, message, SENT_ONLY if chat.blocked else USUAL)
            self._outgoing.tell(
                t,
                number.account_id,
                value,
                lane=chat.key,
                about="echo",
                message_id=message.id,
                field="smb_message_echoes",
            )
        self._feed.wake()
        return message

    def business_sends(
        self,
        chat: Chat,
        payload: Mapping[str, Any],
        *,
        context_wamid: str | None,
        callback_data: str | None,
        receipts: bool = True,
        plan: StatusPlan | None = None,
    ) -> Message:
        """Keep what the business sends, and let become of it what is planned; `receipts` False tells nobody."""
        with self._database.transaction() as t:
            message = self._add(
                t, chat, payload, context_wamid=context_wamid, callback_data=callback_data, receipts=receipts
            )
            self._receipts.begin(t, chat, message, plan or self._usual(chat, payload))
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

    def _usual(self, chat: Chat, payload: Mapping[str, Any]) -> StatusPlan:
        if payload["type"] != "reaction":
            return SENT_ONLY if chat.blocked else USUAL
        # Meta's documentation: of a reaction only `sent` is told, and 131009 when its message is not in the chat.
        target = self._chats.by_wamid(payload["reaction"]["message_id"])
        return SENT_ONLY if target and target.chat_id == chat.id else failing(131009)

    def _add(
        self,
        t: Any,
        chat: Chat,
        payload: Mapping[str, Any],
        *,
        context_wamid: str | None,
        callback_data: str | None,
        receipts: bool,
    ) -> Message:
        return self._chats.add(
            t,
            chat,
            wamid=new_wamid(chat.digits, to_business=False),
            sender="business",
            payload=payload,
            at=self._clock(),
            status="accepted",
            context_wamid=context_wamid,
            callback_data=callback_data,
            receipts=receipts,
        )
