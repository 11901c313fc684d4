"""Ordinary words of people we know, kept many at a time: most of what arrives is that.

Everything else (strangers, new names, files, wishes, corrections, news of ids) is kept message by message, by `inbox`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import batched

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import ButtonReply, InboundMessage, Item, ListReply, TextReceived
from conversations import records, turn_input
from conversations.directory import Known, look_up
from conversations.people import Conversation, has_news_of, names_of
from conversations.records import Arrived
from storage.tables import phone_numbers

ORDINARY = (TextReceived, ButtonReply, ListReply)
"""Contents that do nothing but ask for an answer."""


NAMES_AT_ONCE = 5_000
"""In one statement: PostgreSQL's driver takes 32 767 values, and a webhook of 3 MB holds more names."""


def store(
    connection: Connection, items: Sequence[Item], now: datetime, is_wish: Callable[[InboundMessage], bool]
) -> tuple[list[Item], int, int]:
    """Keep what is ordinary; returns what is left, in its order, and how many turns and repeats there were.

    Who also sent something that is not ordinary is left out whole, so that their messages stay in order.
    """
    messages = [each for each in items if isinstance(each, InboundMessage)]
    if len(messages) < 2:
        return list(items), 0, 0
    ordinary = [each for each in messages if _is_ordinary(each) and not is_wish(each)]
    arrived = _of_people_we_know(connection, ordinary)
    chosen = {id(each.item) for each in arrived}
    busy = {name for each in messages if id(each) not in chosen for name in names_of(each.sender)}
    arrived = [each for each in arrived if busy.isdisjoint(names_of(each.item.sender))]
    turns = _keep(connection, arrived, now)
    done = {id(each.item) for each in arrived}
    return [each for each in items if id(each) not in done], turns, len(arrived) - turns


def _is_ordinary(item: InboundMessage) -> bool:
    return isinstance(item.content, ORDINARY) and not item.group_id


def _of_people_we_know(connection: Connection, ordinary: Sequence[InboundMessage]) -> list[Arrived]:
    """Those whose sender is one person with a conversation, who tells nothing new of themselves."""
    by_number: defaultdict[str, list[InboundMessage]] = defaultdict(list)
    for each in ordinary:
        by_number[each.phone_number_id].append(each)
    if not by_number:
        return []
    return [
        arrived
        for phone_number_id, business_id in connection.execute(_BUSINESSES, {"numbers": list(by_number)}).all()
        for arrived in _on_number(connection, phone_number_id, business_id, by_number[phone_number_id])
    ]


def _on_number(
    connection: Connection, phone_number_id: str, business_id: str, messages: Sequence[InboundMessage]
) -> Iterator[Arrived]:
    names = dict.fromkeys(name for each in messages for name in names_of(each.sender))
    behind: defaultdict[tuple[str, str], list[Known]] = defaultdict(list)
    for some in batched(names, NAMES_AT_ONCE):
        for known in look_up(connection, business_id, some, phone_number_id):
            for name in known.addresses:
                behind[name].append(known)
    for each in messages:
        people = {known.subscriber_id: known for name in names_of(each.sender) for known in behind[name]}
        match list(people.values()):
            case [Known(conversation_id=str(talk)) as known] if not has_news_of(known, each.sender):
                ours = Conversation(id=talk, business_id=business_id, subscriber_id=known.subscriber_id)
                yield Arrived(each, ours)


def _keep(connection: Connection, arrived: Sequence[Arrived], now: datetime) -> int:
    """Returns how many were new."""
    if not arrived:
        return 0
    ids = records.insert_inbound(connection, arrived, now)
    new = [(each, inbound_id) for each, inbound_id in zip(arrived, ids, strict=True) if inbound_id is not None]
    wanted = [
        (each, inbound_id, answered)
        for each, inbound_id in new
        if (answered := turn_input.decide(each.item.content)) is not None
    ]
    if not wanted:
        return 0
    records.insert_turns(connection, wanted, now)
    newest: dict[str, datetime] = {}
    for each, _, _ in wanted:
        talk, sent_at = each.conversation.id, each.item.sent_at
        newest[talk] = max(sent_at, newest.get(talk, sent_at))
    records.touch(connection, list(newest.items()), has_turn=True)
    return len(wanted)


_BUSINESSES = sa.select(phone_numbers.c.phone_number_id, phone_numbers.c.business_id).where(
    phone_numbers.c.phone_number_id.in_(sa.bindparam("numbers", expanding=True)),
    phone_numbers.c.channel == "whatsapp",
)
