"""Counts one hour, from the tables of messages, turns and hand-offs: nothing is counted where it happens.

Ids and stamps begin with their moment, so an hour is a range of the primary key. Each kind has a name and a detail:

in          kind of message                       out         channel, status
said        origin                                template    its name, status
workflow    its key, status                       failed      channel, the provider's code
turn        outcome, "lost" if not understood     intent      its name
answer      how long an answer took (`spans`)     step        funnel.step, in talks
rating      stars                                 handoff     reason, what became of it
taken       how long a human took (`spans`)  cost        currency, category; millionths of its unit

What was sent with a test key is left out, and what guests said who try the bot by a link, with all that came of it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from channels.guest import GUEST, guest_number
from conversations.guests.reach import guest_talks
from conversations.review.stamps import first_stamp_at
from conversations.review.tables import review_marks, review_turns
from conversations.tables import handoffs, inbound_messages, turn_events, turns
from figures.spans import LONGER, STEPS
from figures.steps import FUNNELS, RATED, SCORE
from notifications.prices import costs
from notifications.prices.pricing import MILLIONTHS
from notifications.tables import messages, notifications
from storage.types import first_id_at

HOUR: Final = timedelta(hours=1)

NAME_CHARACTERS: Final = 128

type Key = tuple[str, str, str]
"""Kind, name, detail."""
type Counted = Mapping[str, Mapping[Key, int]]
"""By business."""


def count_hour(connection: Connection, at: datetime) -> Counted:
    """Everything of the hour that begins then."""
    found: dict[str, Counter[Key]] = {}
    ids = first_id_at(at), first_id_at(at + HOUR)
    stamps = first_stamp_at(at), first_stamp_at(at + HOUR)
    lines = (
        *_messages(connection, ids),
        *_rows(connection, _INBOUND, ids, "in"),
        *_turns(connection, stamps),
        *_rows(connection, _ANSWERS, ids, "answer"),
        *_steps(connection, stamps),
        *_ratings(connection, stamps),
        *_handoffs(connection, ids),
        *_costs(connection, at),
    )
    for business_id, (kind, name, detail), count in lines:
        found.setdefault(business_id, Counter())[kind, name[:NAME_CHARACTERS], detail] += count
    return found


type _Line = tuple[str, Key, int]


def _rows(connection: Connection, query: sa.Select[Any], among: tuple[Any, Any], kind: str) -> Iterator[_Line]:
    """Of a query for business, name and count."""
    for business_id, name, count in connection.execute(query, {"first": among[0], "after": among[1]}):
        yield business_id, (kind, str(name), ""), count


def _messages(connection: Connection, ids: tuple[str, str]) -> Iterator[_Line]:
    for row in connection.execute(_MESSAGES, {"first": ids[0], "after": ids[1]}):
        yield row.business_id, ("out", row.channel, row.status), row.total
        yield row.business_id, ("said", row.origin, ""), row.total
        if row.template:
            yield row.business_id, ("template", row.template, row.status), row.total
        if row.workflow:
            yield row.business_id, ("workflow", row.workflow, row.status), row.total
        if row.status == "failed":
            yield row.business_id, ("failed", row.channel, str(row.code or "")), row.total


def _turns(connection: Connection, stamps: tuple[int, int]) -> Iterator[_Line]:
    for row in connection.execute(_TURNS, {"first": stamps[0], "after": stamps[1]}):
        yield row.business_id, ("turn", row.outcome, "lost" if row.is_fallback else ""), row.total
        if row.intent:
            yield row.business_id, ("intent", row.intent, ""), row.total


def _steps(connection: Connection, stamps: tuple[int, int]) -> Iterator[_Line]:
    for row in connection.execute(_STEPS, {"first": stamps[0], "after": stamps[1]}):
        for name in _REACHED[row.kind, row.name]:
            yield row.business_id, ("step", name, ""), row.total


def _ratings(connection: Connection, stamps: tuple[int, int]) -> Iterator[_Line]:
    """The last stars that a turn kept which gave them: one that was refused forgets them."""
    given: dict[str, tuple[str, Any]] = {}
    for row in connection.execute(_RATINGS, {"first": stamps[0], "after": stamps[1]}):
        if row.event.get("event") == "slot" and row.event.get("name") == SCORE:
            given[row.turn_id] = row.business_id, row.event.get("value")
    for business_id, stars in given.values():
        if stars is not None:
            yield business_id, ("rating", str(stars), ""), 1


def _handoffs(connection: Connection, ids: tuple[str, str]) -> Iterator[_Line]:
    for row in connection.execute(_HANDOFFS, {"first": ids[0], "after": ids[1]}):
        became = "taken" if row.is_taken else "waiting" if row.state == "waiting" else row.ended_by or "nobody"
        yield row.business_id, ("handoff", row.reason, became), row.total
        if row.is_taken and row.reason not in ("taken", "app"):
            yield row.business_id, ("taken", row.span, ""), row.total


def _costs(connection: Connection, at: datetime) -> Iterator[_Line]:
    for each in costs.totals(connection, None, at, at + HOUR):
        if each.currency is not None:
            yield each.business_id, ("cost", each.currency, each.category), int(each.amount * MILLIONTHS)


class _seconds_between(FunctionElement[Any]):
    """How many seconds passed from the first moment to the second."""

    type = sa.Float()
    inherit_cache = True
    name = "seconds_between"


@compiles(_seconds_between, "postgresql")
def _postgresql(element: _seconds_between, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(each, **kw) for each in element.clauses)
    return f"EXTRACT(EPOCH FROM ({second} - {first}))"


@compiles(_seconds_between, "sqlite")
def _sqlite(element: _seconds_between, compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(each, **kw) for each in element.clauses)
    return f"((julianday({second}) - julianday({first})) * 86400.0)"


def _span(first: sa.ColumnElement[Any], second: sa.ColumnElement[Any]) -> sa.Case[str]:
    seconds = _seconds_between(first, second)
    return sa.case(*((seconds <= step, str(step)) for step in STEPS), else_=LONGER)


def _within(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    first, after = (sa.bindparam(name, type_=column.type) for name in ("first", "after"))
    return (column >= first) & (column < after)


# Made once: they run for every hour, many times.

_m, _n, _i, _r, _t, _h, _k, _e = (
    table.c
    for table in (
        messages,
        notifications,
        inbound_messages,
        review_turns,
        turns,
        handoffs,
        review_marks,
        turn_events,
    )
)
_count = sa.func.count().label("total")


def _of_people(conversation_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Not of a guest's talk."""
    return conversation_id.not_in(guest_talks())


TEMPLATE_NAME: Final[sa.ColumnElement[str]] = sa.case(
    (
        _m.sent_form == "template",
        sa.func.coalesce(
            _m.template_payload["template"]["name"].as_string(), _m.payload["template"]["name"].as_string()
        ),
    ),
)
"""The template that a message left as; null where it left in words of its own."""

_template = TEMPLATE_NAME.label("template")
_code = sa.case((_m.status == "failed", _m.error_code)).label("code")
_said_how = (_m.business_id, _m.channel, _m.origin, _m.status, _template, _n.workflow, _code)

_MESSAGES: Final = (
    sa.select(*_said_how, _count)
    .outerjoin(notifications, _n.id == _m.notification_id)
    .where(_within(_m.id), sa.not_(_m.is_test), _m.channel != GUEST)
    .group_by(*_said_how)
)
_INBOUND: Final = (
    sa.select(_i.business_id, _i.kind, _count)
    .where(_within(_i.id), _i.phone_number_id.not_like(guest_number("%")))
    .group_by(_i.business_id, _i.kind)
)
_TURNS: Final = (
    sa.select(_r.business_id, _r.outcome, _r.is_fallback, _r.intent, _count)
    .where(_within(_r.stamp), _of_people(_r.conversation_id))
    .group_by(_r.business_id, _r.outcome, _r.is_fallback, _r.intent)
)
_took = _span(_t.received_at, _t.finished_at).label("span")
_ANSWERS: Final = (
    sa.select(_t.business_id, _took, _count)
    .where(_within(_t.id), _t.status == "done", _t.finished_at.is_not(None), _of_people(_t.conversation_id))
    .group_by(_t.business_id, _took)
)
_REACHED: Final[dict[tuple[str, str], list[str]]] = {}
for _funnel, _stations in FUNNELS.items():
    for _each in _stations:
        _REACHED.setdefault((_each.kind, _each.mark), []).append(f"{_funnel}.{_each.name}")
_talks = sa.func.count(_r.conversation_id.distinct()).label("total")
_STEPS: Final = (
    sa.select(_k.business_id, _k.kind, _k.name, _talks)
    .join(review_turns, _r.stamp == _k.stamp)
    .where(_within(_k.stamp), sa.tuple_(_k.kind, _k.name).in_(list(_REACHED)), _of_people(_r.conversation_id))
    .group_by(_k.business_id, _k.kind, _k.name)
)
_RATINGS: Final = (
    sa.select(_e.turn_id, _e.business_id, _e.event)
    .join(review_turns, _r.turn_id == _e.turn_id)
    .join(review_marks, _k.stamp == _r.stamp)
    .where(_within(_k.stamp), _k.kind == "action", _k.name == RATED, _of_people(_r.conversation_id))
    .order_by(_e.turn_id, _e.position)
)
_waited = _span(_h.asked_at, _h.taken_at).label("span")
_is_taken = _h.taken_at.is_not(None).label("is_taken")
_HANDOFFS: Final = (
    sa.select(_h.business_id, _h.reason, _h.state, _h.ended_by, _is_taken, _waited, _count)
    .where(_within(_h.id), _of_people(_h.conversation_id))
    .group_by(_h.business_id, _h.reason, _h.state, _h.ended_by, _is_taken, _waited)
)
