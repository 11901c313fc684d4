"""Makes rows for reading of turns that ended: many at a time, the same however often it is done.

Whoever ends a turn leaves a line in `review_pending`, in the same transaction, so none is forgotten and none is looked
for. A batch takes lines out first and reads the turns afterwards: what changes from then on leaves a new line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection, Row

from conversations.review.facts import Facts, facts_of, said_in
from conversations.review.stamps import stamp_of
from conversations.review.tables import (
    Stamp,
    review_conversations,
    review_marks,
    review_names,
    review_pending,
    review_turns,
)
from conversations.review.unsure import is_unsure
from conversations.review.words import as_kept
from conversations.tables import turn_events, turns
from storage.clock import database_now
from storage.insert import insert_all, insert_new
from storage.tables import conversations, subscribers

log = structlog.get_logger()

BATCH: Final = 100
"""Turns of one transaction: on SQLite everybody else's writes wait for it, some ten milliseconds. Our choice."""

TEXT_CHARACTERS: Final = 300
"""Of what was said, for lists; the talk itself shows all of it."""

MOST_NAME: Final = 128
"""Characters of an intent's, entity's, action's or slot's name that are kept."""

MARKED: Final = ("entity", "action", "slot")
"""Kinds of names of which a turn may have several; the others are columns of its row."""

_ENDED: Final = ("done", "parked", "summed_up", "to_human")
_ERASED: Final = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far the rows are behind."""

    turns: int
    seconds: float


def ended(connection: Connection, turn_id: str, business_id: str, now: datetime) -> None:
    """Let this turn be projected. Wake the topic "review" after the commit."""
    row = {"turn_id": turn_id, "business_id": business_id, "since": now}
    insert_new(connection, review_pending, row, review_pending.c.turn_id)


def moves(connection: Connection, conversation_id: str) -> None:
    """Let every turn of a talk that ends be projected again: they are about to be another's."""
    _enqueue(connection, turns.c.conversation_id == conversation_id, turns.c.status.in_(_ENDED))


def enqueue_after(connection: Connection, turn_id: str | None, limit: int) -> tuple[int, str | None]:
    """Let the next turns after this one (None: from the first) be projected again; how many, and the last of them."""
    ids = sa.select(turns.c.id).order_by(turns.c.id).limit(limit)
    found = list(connection.scalars(ids if turn_id is None else ids.where(turns.c.id > turn_id)))
    if not found:
        return 0, None
    _enqueue(connection, turns.c.id.between(found[0], found[-1]), turns.c.status.in_(_ENDED))
    return len(found), found[-1]


def lag(connection: Connection) -> Lag:
    """How many turns wait to be projected, and how long the first of them has waited."""
    p = review_pending.c
    oldest = sa.func.min(p.since, type_=p.since.type)
    count, since, now = connection.execute(sa.select(sa.func.count(p.turn_id), oldest, database_now())).one()
    return Lag(turns=count, seconds=0.0 if since is None else max(0.0, (now - since).total_seconds()))


def project(connection: Connection, limit: int = BATCH) -> int:
    """Project up to `limit` turns that wait for it; how many there were."""
    taken = _take(connection, limit)
    found = [each for each in _turns(connection, taken) if each.input.get("key") != _ERASED]
    if found:
        events = _events(connection, [each.id for each in found])
        read = [(each, _facts(each, events.get(each.id, []))) for each in found]
        talks = sorted({each.conversation_id: each for each in found}.items())
        _hold(connection, [row for _, row in talks])
        _keep(connection, read)
        _sum_up(connection, [talk for talk, _ in talks])
    return len(taken)


def _enqueue(connection: Connection, *which: sa.ColumnElement[bool]) -> None:
    now: Any = sa.type_coerce(database_now(), review_pending.c.since.type)
    waits = sa.exists().where(review_pending.c.turn_id == turns.c.id)
    found = connection.execute(sa.select(turns.c.id, turns.c.business_id, now.label("since")).where(*which, ~waits))
    rows = [{"turn_id": row.id, "business_id": row.business_id, "since": row.since} for row in found]
    if rows:
        insert_all(connection, review_pending, rows)


def _take(connection: Connection, limit: int) -> list[str]:
    p = review_pending.c
    first = sa.select(p.turn_id).order_by(p.turn_id).limit(limit).with_for_update(skip_locked=True)
    ids = list(connection.scalars(first))
    if ids:
        connection.execute(sa.delete(review_pending).where(p.turn_id.in_(ids)))
    return ids


def _turns(connection: Connection, ids: Sequence[str]) -> list[Row[Any]]:
    t, c = turns.c, conversations.c
    query = (
        sa.select(
            t.id,
            t.business_id,
            t.conversation_id,
            t.input,
            t.status,
            t.started_at,
            t.finished_at,
            c.phone_number_id,
            subscribers.c.locale,
        )
        .join(conversations, c.id == t.conversation_id)
        .join(subscribers, subscribers.c.id == c.subscriber_id)
        .where(t.id.in_(ids), t.status.in_(_ENDED))
        .order_by(t.id)
    )
    return list(connection.execute(query))


def _events(connection: Connection, ids: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    e = turn_events.c
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in connection.execute(
        sa.select(e.turn_id, e.event).where(e.turn_id.in_(ids)).order_by(e.turn_id, e.position)
    ):
        found.setdefault(row.turn_id, []).append(row.event)
    return found


def _facts(turn: Row[Any], events: Sequence[Mapping[str, Any]]) -> Facts:
    try:
        facts = facts_of(turn.input, events)
    except Exception as error:
        # Whatever a bot's events are, one turn must not stop the others.
        log.error("review.unreadable", turn_id=turn.id, problem=type(error).__name__)
        facts = Facts(text=said_in(turn.input, ""))
    return facts if facts.language else replace(facts, language=turn.locale)


def _hold(connection: Connection, talks: Iterable[Row[Any]]) -> None:
    """Keep the talks' rows to ourselves until the end, in one order for everybody; those that are new are made."""
    rows = [
        {
            "conversation_id": each.conversation_id,
            "business_id": each.business_id,
            "phone_number_id": each.phone_number_id,
            "last_stamp": 0,
            "turn_count": 0,
            "fallbacks": 0,
            "parked": 0,
        }
        for each in talks
    ]
    insert_all(connection, review_conversations, rows)
    c = review_conversations.c
    ids = [row["conversation_id"] for row in rows]
    connection.execute(
        sa.select(c.conversation_id).where(c.conversation_id.in_(ids)).order_by(c.conversation_id).with_for_update()
    )


def _keep(connection: Connection, read: Sequence[tuple[Row[Any], Facts]]) -> None:
    ids = [turn.id for turn, _ in read]
    known = _stamps(connection, ids)
    if known:
        connection.execute(sa.delete(review_marks).where(review_marks.c.stamp.in_(known.values())))
    rows = {turn.id: _row(turn, facts) for turn, facts in read}
    for turn_id in known:
        connection.execute(sa.update(review_turns).where(review_turns.c.turn_id == turn_id).values(rows[turn_id]))
    insert_all(connection, review_turns, [rows[each] | {"stamp": stamp_of(each)} for each in ids if each not in known])
    stamps = _stamps(connection, ids)
    for each in ids:
        if each not in stamps:
            stamps[each] = _insert_beside(connection, rows[each])
    names = {turn.id: _names(facts) for turn, facts in read}
    marks = [
        {"business_id": turn.business_id, "kind": kind, "name": name, "stamp": stamps[turn.id]}
        for turn, _ in read
        for kind, name in sorted(names[turn.id])
        if kind in MARKED
    ]
    insert_all(connection, review_marks, marks)
    met = {(turn.business_id, kind, name) for turn, _ in read for kind, name in names[turn.id]}
    columns = ("business_id", "kind", "name")
    insert_all(connection, review_names, [dict(zip(columns, each, strict=True)) for each in sorted(met)])


def _stamps(connection: Connection, turn_ids: Sequence[str]) -> dict[str, int]:
    r = review_turns.c
    rows = connection.execute(sa.select(r.turn_id, r.stamp).where(r.turn_id.in_(turn_ids)))
    return {row.turn_id: row.stamp for row in rows}


def _insert_beside(connection: Connection, row: dict[str, Any]) -> int:
    """Insert it under the next free stamp, since another turn has its own; returns that."""
    stamp = stamp_of(row["turn_id"]) + 1
    while insert_new(connection, review_turns, row | {"stamp": stamp}, review_turns.c.stamp) is None:
        stamp += 1
    return stamp


def _row(turn: Row[Any], facts: Facts) -> dict[str, Any]:
    took = None if turn.started_at is None or turn.finished_at is None else turn.finished_at - turn.started_at
    return {
        "business_id": turn.business_id,
        "turn_id": turn.id,
        "conversation_id": turn.conversation_id,
        "text": facts.text[:TEXT_CHARACTERS],
        "words": as_kept(facts.text),
        "intent": facts.intent[:MOST_NAME] if facts.intent else None,
        "confidence": facts.confidence,
        "is_fallback": facts.is_fallback,
        "margin": facts.margin,
        "is_unsure": is_unsure(facts),
        "language": facts.language,
        "outcome": turn.status,
        "took_ms": None if took is None else max(0, round(took.total_seconds() * 1000)),
    }


def _names(facts: Facts) -> set[tuple[str, str]]:
    """What occurred in it: (kind, name)."""
    found = {("entity", each.name) for each in facts.entities}
    found |= {("action", each.name) for each in facts.actions}
    found |= {("slot", name) for name, value in facts.slots if value}
    found |= {("intent", facts.intent or ""), ("language", facts.language or "")}
    return {(kind, name[:MOST_NAME]) for kind, name in found if name}


def _sum_up(connection: Connection, talks: Sequence[str]) -> None:
    """Tell the talks' rows what their turns are together; what a person wrote since makes a reviewed one unread."""
    totals = list(connection.execute(_TOTALS, {"talks": talks}))
    spoken = {row.conversation_id: row.language for row in connection.execute(_SPOKEN, {"talks": talks})}
    connection.execute(
        _SUM_UP,
        [
            {
                "talk": row.conversation_id,
                "newest": row.newest,
                "turns": row.turns,
                "lowest": row.lowest,
                "lost": row.lost,
                "given_up": row.given_up,
                "spoken": spoken.get(row.conversation_id),
            }
            for row in totals
        ],
    )


# Made once: they run for every turn.

_r, _c = review_turns.c, review_conversations.c

_TOTALS = (
    sa.select(
        _r.conversation_id,
        sa.func.max(_r.stamp).label("newest"),
        sa.func.count().label("turns"),
        sa.func.min(_r.confidence).label("lowest"),
        sa.func.count().filter(_r.is_fallback).label("lost"),
        sa.func.count().filter(_r.outcome == "parked").label("given_up"),
    )
    .where(_r.conversation_id.in_(sa.bindparam("talks", expanding=True)))
    .group_by(_r.conversation_id)
)

_last_spoken = (
    sa.select(sa.func.max(_r.stamp))
    .where(_r.conversation_id.in_(sa.bindparam("talks", expanding=True)), _r.language.is_not(None))
    .group_by(_r.conversation_id)
)

_SPOKEN = sa.select(_r.conversation_id, _r.language).where(_r.stamp.in_(_last_spoken))

_newest = sa.bindparam("newest", type_=Stamp)

_SUM_UP = (
    sa.update(review_conversations)
    .where(_c.conversation_id == sa.bindparam("talk"))
    .values(
        last_stamp=_newest,
        turn_count=sa.bindparam("turns"),
        lowest_confidence=sa.bindparam("lowest"),
        fallbacks=sa.bindparam("lost"),
        parked=sa.bindparam("given_up"),
        language=sa.bindparam("spoken"),
        status=sa.case(((_c.status == "reviewed") & (_c.last_stamp < _newest), "unread"), else_=_c.status),
    )
)
