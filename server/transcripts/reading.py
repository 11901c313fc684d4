"""Reads the part of a talk that becomes a test."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import yaml
from sqlalchemy.engine import Connection

from conversations.tables import inbound_messages, received_media, turn_events, turns
from notifications.tables import messages
from notifications.talks import SentMessage, TalkSends
from server.desk.talk import bubbles
from server.settings import ROOT
from server.transcripts.exchange import Answer, Exchange, Talk
from storage.tables import addresses, businesses, conversations, subscribers

MOST: Final = 60
"""Messages of the person in one test: longer ones are read by nobody."""

_SENDS: Final = TalkSends()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One message of the person, to choose from."""

    number: int
    kind: str
    sent_at: datetime
    text: str = field(repr=False)


def headings(connection: Connection, talk_id: str) -> list[Heading]:
    """The newest messages of the person, the oldest of them first."""
    rows, before = _newest(connection, talk_id, MOST)
    return [
        Heading(number=number, kind=row.kind, sent_at=row.sent_at, text=bubbles.heard(row.kind, row.raw).text)
        for number, row in enumerate(rows, before + 1)
    ]


def read_talk(connection: Connection, talk_id: str, first: int | None = None, last: int | None = None) -> Talk | None:
    """The person's messages from one number to another, the newest where none is told; None where there is no talk."""
    c, b, s = conversations.c, businesses.c, subscribers.c
    query = sa.select(c.subscriber_id, b.slug, b.default_language, s.name, s.locale)
    whose = connection.execute(
        query.join(businesses, b.id == c.business_id).join(subscribers, s.id == c.subscriber_id).where(c.id == talk_id)
    ).one_or_none()
    if whose is None:
        return None
    count = _count(connection, talk_id)
    last = min(last or count, count)
    first = max(1, last - MOST + 1, first or 1)
    exchanges = _exchanges(connection, talk_id, first, last)
    a = addresses.c
    phone = sa.select(a.value).where(a.subscriber_id == whose.subscriber_id, a.kind == "phone").limit(1)
    return Talk(
        id=talk_id,
        business=whose.slug,
        phone=connection.scalar(phone),
        name=whose.name,
        language=_language(exchanges) or whose.locale or whose.default_language,
        exchanges=exchanges,
        total=count,
    )


def _exchanges(connection: Connection, talk_id: str, first: int, last: int) -> list[Exchange]:
    i = inbound_messages.c
    columns = (i.id, i.kind, i.raw, i.sent_at)
    query = sa.select(*columns).where(i.conversation_id == talk_id).order_by(i.id).offset(first - 1)
    rows = connection.execute(query.limit(max(0, last - first) + 2)).all()
    shown, following = rows[: last - first + 1], rows[last - first + 1 :]
    if not shown:
        return []
    ids = [row.id for row in shown]
    of, status, events = _turns(connection, ids)
    sent = _SENDS.said_in(connection, talk_id, ids[0], following[0].id if following else None)
    answers = _answers(ids, of, sent, events)
    quoted = _quoted(connection, {_quote(row.raw) for row in shown} - {""})
    heard = _transcripts(connection, ids)
    return [
        Exchange(
            id=row.id,
            number=number,
            kind=row.kind,
            raw=row.raw,
            sent_at=row.sent_at,
            transcript=heard.get(row.id),
            quoted=quoted.get(_quote(row.raw)),
            answers=answers.get(row.id, ()),
            events=events.get(row.id, ()),
            status=status.get(row.id),
        )
        for number, row in enumerate(shown, first)
    ]


def _answers(
    ids: Sequence[str], of: Mapping[str, str], sent: Sequence[SentMessage], events: Mapping[str, Sequence[Any]]
) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = defaultdict(list)
    for each in sent:
        heard = of.get(each.turn_id or "") or max((id_ for id_ in ids if id_ < each.id), default=ids[0])
        found[heard].append(
            Answer(
                payload=each.payload,
                origin=each.origin if each.status not in ("skipped", "cancelled") else "unsent",
                workflow=each.workflow,
                is_varied=each.origin == "bot" and _is_varied(events.get(heard, ())),
            )
        )
    return found


def _turns(
    connection: Connection, ids: Sequence[str]
) -> tuple[dict[str, str], dict[str, str], dict[str, list[Mapping[str, Any]]]]:
    """By turn its message; by message the status of its turn, and its events."""
    t, e = turns.c, turn_events.c
    rows = connection.execute(sa.select(t.id, t.inbound_message_id, t.status).where(t.inbound_message_id.in_(ids)))
    of, status = {}, {}
    for row in rows:
        of[row.id], status[row.inbound_message_id] = row.inbound_message_id, row.status
    events: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    told = sa.select(e.turn_id, e.event).where(e.turn_id.in_(list(of))).order_by(e.turn_id, e.position)
    for turn_id, event in connection.execute(told):
        events[of[turn_id]].append(event)
    return of, status, events


def _quoted(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The words of the messages of ours that are called so by WhatsApp."""
    m = messages.c
    query = sa.select(m.provider_message_id, m.payload).where(m.provider_message_id.in_(list(ids)))
    return {row[0]: bubbles.said(row[1], None).text for row in connection.execute(query)} if ids else {}


def _transcripts(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    m = received_media.c
    query = sa.select(m.inbound_message_id, m.transcript).where(
        m.inbound_message_id.in_(ids), m.transcript.is_not(None)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _newest(connection: Connection, talk_id: str, most: int) -> tuple[Sequence[Any], int]:
    """The newest messages, the oldest first, and how many there are before them."""
    i = inbound_messages.c
    query = sa.select(i.id, i.kind, i.raw, i.sent_at).where(i.conversation_id == talk_id).order_by(i.id.desc())
    rows = list(reversed(connection.execute(query.limit(most)).all()))
    return rows, _count(connection, talk_id) - len(rows)


def _count(connection: Connection, talk_id: str) -> int:
    i = inbound_messages.c
    return connection.scalar(sa.select(sa.func.count()).where(i.conversation_id == talk_id)) or 0


def _quote(raw: Mapping[str, Any]) -> str:
    # A tap names the message of its button in the same place.
    context = raw.get("context") if raw.get("type") == "text" else None
    return str(context.get("id") or "") if isinstance(context, Mapping) else ""


def _language(exchanges: Sequence[Exchange]) -> str | None:
    told = [
        event.get("value")
        for exchange in exchanges
        for event in exchange.events
        if event.get("event") == "slot" and event.get("name") == "language"
    ]
    return next((each for each in reversed(told) if isinstance(each, str) and each), None)


def _is_varied(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether something was said in this turn that is also said in other words."""
    said = (event.get("metadata") or {} for event in events if event.get("event") == "bot")
    return any(each.get("utter_action") in varied(ROOT) for each in said)


@cache
def varied(root: Path) -> frozenset[str]:
    """The responses under this folder of which one of several wordings is drawn by lot."""
    found = set()
    for file in sorted((root / "data/responses").glob("*.yml")):
        read = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
        for name, variations in (read.get("responses") or {}).items():
            conditions = [repr(each.get("condition")) for each in variations]
            if len(set(conditions)) < len(conditions):
                found.add(name)
    return frozenset(found)
