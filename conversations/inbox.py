"""The inbox: keeps everything a webhook brought, in one transaction, before the webhook is acknowledged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import (
    ButtonReply,
    EditReceived,
    InboundMessage,
    Item,
    MediaReceived,
    News,
    StatusUpdate,
    SystemReceived,
    TextReceived,
    Unreadable,
)
from conversations import familiar, identity, kept, media, people, records, second_thoughts, turn_input
from conversations.kept import Kept
from conversations.news import NewsDesk
from conversations.people import Conversation
from conversations.ports import Consents, Outbox, Receipts
from conversations.records import Arrived
from conversations.tables import inbound_messages
from conversations.wording import Wording
from storage.tables import businesses, phone_numbers, subscribers

NOT_OURS = "not a number of ours"
NOBODY = "a message without a sender"


@dataclass(slots=True)
class Stored:
    """What one webhook changed: how much is new, and whom to wake."""

    turns: int = 0
    answers: int = 0
    repeats: int = 0
    statuses: int = 0
    others: int = 0
    files: int = 0

    def __iadd__(self, more: "Stored") -> "Stored":
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(more, each.name))
        return self


class Inbox:
    """Stores webhook items. Pure database work: no bot, no network, no clock of its own."""

    def __init__(
        self, outbox: Outbox, consents: Consents, receipts: Receipts, wording: Wording, news: NewsDesk
    ) -> None:
        self._outbox = outbox
        self._consents = consents
        self._receipts = receipts
        self._wording = wording
        self._news = news

    def store(self, connection: Connection, items: Iterable[Item], now: datetime) -> Stored:
        """Keep every item; what was kept before changes nothing. What finds no place is kept apart, with the reason."""
        rest, turns, repeats = familiar.store(connection, list(items), now, self._is_wish)
        stored = Stored(turns=turns, repeats=repeats)
        for item in rest:
            problem = self._place(connection, item, now, stored)
            if problem is not None or isinstance(item, News):
                kept.keep(connection, item, now, problem)
                stored.others += 1
        return stored

    def keep(self, connection: Connection, item: InboundMessage, conversation: Conversation, now: datetime) -> Stored:
        """Keep a message that came through another door than WhatsApp's, which knows whose it is."""
        stored = Stored()
        self._keep(connection, item, conversation, now, stored)
        return stored

    def replay(self, connection: Connection, old: Kept, items: Sequence[Item], now: datetime) -> Stored | None:
        """Store what was kept apart and can be read now; None while it still has no place."""
        stored = Stored()
        if not items or any(self._place(connection, item, now, stored) is not None for item in items):
            return None
        kept.mark_replayed(connection, old.id, now)
        return stored

    def _place(self, connection: Connection, item: Item, now: datetime, stored: Stored) -> str | None:
        """Put an item where it belongs, or say why it has no place."""
        match item:
            case InboundMessage():
                return self._message(connection, item, now, stored)
            case StatusUpdate():
                return self._status(connection, item, now, stored)
            case News():
                self._news.follow(connection, item, now)
                return None
            case Unreadable():
                return item.problem

    def _message(self, connection: Connection, item: InboundMessage, now: datetime, stored: Stored) -> str | None:
        business_id = _business(connection, item.phone_number_id)
        if business_id is None:
            return NOT_OURS
        if not (item.sender.wa_id or item.sender.user_id):
            return NOBODY
        if isinstance(item.content, SystemReceived) and _is_repeat(connection, item):
            # Else the ids that its sender went by until then would make a new person.
            stored.repeats += 1
            return None
        conversation = people.meet(
            connection,
            business_id=business_id,
            phone_number_id=item.phone_number_id,
            sender=item.sender,
            now=now,
        )
        self._keep(connection, item, conversation, now, stored)
        return None

    def _keep(
        self, connection: Connection, item: InboundMessage, conversation: Conversation, now: datetime, stored: Stored
    ) -> None:
        (inbound_id,) = records.insert_inbound(connection, [Arrived(item, conversation)], now)
        if inbound_id is None:
            stored.repeats += 1
            return
        stored.files += _expect_file(connection, item, conversation, inbound_id, now)
        conversation = identity.heed(connection, item, conversation)
        # What is said in a group is not said to us.
        if not item.group_id:
            self._take(connection, Arrived(item, conversation), inbound_id, now, stored)

    def _take(self, connection: Connection, arrived: Arrived, inbound_id: str, now: datetime, stored: Stored) -> None:
        """Heed what the message wishes or corrects, or have it answered."""
        item, conversation = arrived.item, arrived.conversation
        if self._heed_wish(connection, item, conversation, inbound_id, now):
            records.touch(connection, [(conversation.id, item.sent_at)], has_turn=False)
            stored.answers += 1
            return
        second_thoughts.heed(connection, item, conversation)
        wanted = turn_input.decide(item.content)
        if wanted is not None:
            records.insert_turns(connection, [(arrived, inbound_id, wanted)], now)
            stored.turns += 1
        if not turn_input.is_silent(item.content):
            records.touch(connection, [(conversation.id, item.sent_at)], has_turn=wanted is not None)

    def _is_wish(self, item: InboundMessage) -> bool:
        return self._consents.wish(_said(item)) is not None

    def _heed_wish(
        self,
        connection: Connection,
        item: InboundMessage,
        conversation: Conversation,
        inbound_id: str,
        now: datetime,
    ) -> bool:
        """STOP and START work while the bot is down: kept and confirmed here."""
        granted = self._consents.wish(_said(item))
        if granted is None:
            return False
        heeded = self._consents.record(
            connection,
            business_id=conversation.business_id,
            subscriber_id=conversation.subscriber_id,
            granted=granted,
            source="keyword",
            inbound_message_id=inbound_id,
            said_at=item.sent_at,
        )
        if heeded:
            key = "opt_in_confirmed" if granted else "opt_out_confirmed"
            self._outbox.queue(
                connection,
                business_id=conversation.business_id,
                conversation_id=conversation.id,
                turn_id=None,
                origin="service",
                content_key=key,
                payloads=[self._wording.text(key, _locale(connection, conversation))],
                now=now,
            )
        return heeded

    def _status(self, connection: Connection, item: StatusUpdate, now: datetime, stored: Stored) -> str | None:
        business_id = _business(connection, item.phone_number_id)
        if business_id is None:
            return NOT_OURS
        self._receipts.record(connection, item, business_id, now)
        stored.statuses += 1
        return None


def _said(item: InboundMessage) -> str:
    """The words by which somebody may opt out: typed, or on the quick reply of a template."""
    match item.content:
        case TextReceived(body=body):
            return body
        case ButtonReply(title=title, from_template=True):
            return title
        case _:
            return ""


def _is_repeat(connection: Connection, item: InboundMessage) -> bool:
    m = inbound_messages.c
    known = sa.exists().where(m.phone_number_id == item.phone_number_id, m.wamid == item.wamid)
    return bool(connection.scalar(sa.select(known)))


_BUSINESS = sa.select(phone_numbers.c.business_id).where(
    phone_numbers.c.phone_number_id == sa.bindparam("phone_number_id"), phone_numbers.c.channel == "whatsapp"
)


def _business(connection: Connection, phone_number_id: str) -> str | None:
    found: str | None = connection.scalar(_BUSINESS, {"phone_number_id": phone_number_id})
    return found


def _locale(connection: Connection, conversation: Conversation) -> str:
    return str(
        connection.scalar(
            sa.select(sa.func.coalesce(subscribers.c.locale, businesses.c.default_language))
            .join(businesses, businesses.c.id == subscribers.c.business_id)
            .where(subscribers.c.id == conversation.subscriber_id)
        )
    )


def _expect_file(
    connection: Connection, item: InboundMessage, conversation: Conversation, inbound_id: str, now: datetime
) -> int:
    """How many files this message brought, each now to be fetched; an edit may bring another, or the same again."""
    content = item.content.content if isinstance(item.content, EditReceived) else item.content
    if not isinstance(content, MediaReceived):
        return 0
    if content is not item.content and media.is_expected(connection, conversation.id, content.media_id):
        return 0
    media.expect(
        connection,
        business_id=conversation.business_id,
        inbound_message_id=inbound_id,
        phone_number_id=item.phone_number_id,
        content=content,
        now=now,
    )
    return 1
