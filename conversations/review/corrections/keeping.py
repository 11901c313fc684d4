"""Keeps what readers decided about lines: nothing is overwritten, what is decided anew or undone is withdrawn.

BadCorrection     it cannot be kept so; the message names what is wrong
└── NoSuchTurn    there is no such line (any more), or not at this business
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review import masking
from conversations.review.corrections.lesson import Lesson, Lessons, is_intent_name
from conversations.review.facts import FALLBACK_INTENT, Facts, facts_of
from conversations.review.tables import review_corrections, review_turns
from conversations.tables import turn_events, turns
from storage.tables import conversations, subscribers
from storage.types import new_id

MEANING, RIGHT, SKIPPED, REMARK = "meaning", "right", "skipped", "remark"
VERDICTS: Final = (MEANING, RIGHT, SKIPPED, REMARK)
TAUGHT: Final = (MEANING, RIGHT)
"""Verdicts that say what a line means."""

MOST_REMARKS: Final = 20
"""Entities that are marked in one line."""


class BadCorrection(ValueError):
    """It cannot be kept so; `why` is said by pages in their own words."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class NoSuchTurn(BadCorrection):
    """There is no such line at this business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """An entity that a reader marked in what was said."""

    entity: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a reader says of a line. What is None is left as the line itself has it."""

    verdict: str
    intent: str | None = None
    language: str | None = None
    line: str | None = field(default=None, repr=False)
    """As it is to be taught."""
    remarks: Sequence[Remark] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who decides, and when."""

    member_id: str | None
    name: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was decided."""

    id: str
    business_id: str
    conversation_id: str | None
    turn_id: str | None
    verdict: str
    intent: str | None
    language: str | None
    line: str | None = field(repr=False)
    remarks: Sequence[Mapping[str, Any]] | None
    heard_as: str | None
    confidence: float | None
    author: str
    decided_at: datetime


def decide(connection: Connection, business_id: str, turn_id: str, decision: Decision, by: By) -> Correction:
    """Keep what is said of this line; what was said of it before is withdrawn. Raises BadCorrection."""
    r = review_turns.c
    # Held until the end: of two who decide at once, the second withdraws what the first said.
    query = sa.select(r.conversation_id, r.intent, r.confidence, r.language)
    turn = connection.execute(
        query.where(r.turn_id == turn_id, r.business_id == business_id).with_for_update()
    ).one_or_none()
    if turn is None:
        raise NoSuchTurn("gone", "This line is gone.")
    before = of_turns(connection, [turn_id]).get(turn_id)
    facts = facts_of_turns(connection, [turn_id]).get(turn_id, Facts(text=""))
    if decision.verdict == MEANING and turn.intent not in (None, FALLBACK_INTENT) and decision.intent == turn.intent:
        decision = replace(decision, verdict=RIGHT)
    row: dict[str, Any] = {
        "id": new_id(),
        "business_id": business_id,
        "conversation_id": turn.conversation_id,
        "turn_id": turn_id,
        "verdict": decision.verdict,
        "intent": None,
        "language": None,
        "line": None,
        "remarks": _remarks(decision, before, facts),
        "heard_as": turn.intent,
        "confidence": turn.confidence,
        "member_id": by.member_id,
        "author": by.name,
        "decided_at": by.now,
    }
    if decision.verdict in TAUGHT:
        row |= _lesson(connection, decision, facts, turn)
    elif decision.verdict not in VERDICTS:
        raise BadCorrection("verdict", f"A verdict is one of {', '.join(VERDICTS)}, not {decision.verdict!r}.")
    if before is not None:
        _withdraw(connection, review_corrections.c.id == before.id, by)
    connection.execute(sa.insert(review_corrections).values(row))
    return Correction(**{name: row[name] for name in Correction.__slots__})


def withdraw(connection: Connection, business_ids: Collection[str] | None, correction_id: str, by: By) -> str | None:
    """Undo a decision; the turn that it was about. None where there is none that stands at these businesses."""
    c = review_corrections.c
    which = [c.id == correction_id, *_at(business_ids)]
    turn_id = connection.scalar(sa.select(c.turn_id).where(*which, c.state == "standing"))
    return str(turn_id) if turn_id is not None and _withdraw(connection, sa.and_(*which), by) else None


def rename(connection: Connection, business_ids: Collection[str] | None, old: str, new: str, by: By) -> int:
    """Give every line of a (temporary) meaning another one; how many. Raises BadCorrection."""
    if not is_intent_name(new) or old == new:
        raise BadCorrection("name", "A meaning is called by small letters, digits and underlines, and by another name.")
    c = review_corrections.c
    lines = review_corrections.select().where(
        c.intent == old, c.state == "standing", c.verdict.in_(TAUGHT), *_at(business_ids)
    )
    found = connection.execute(lines.with_for_update()).all()
    for row in found:
        _withdraw(connection, c.id == row.id, by)
        changed = {"id": new_id(), "intent": new, "verdict": MEANING, "member_id": by.member_id, "author": by.name}
        connection.execute(sa.insert(review_corrections).values({**row._mapping, **changed, "decided_at": by.now}))
    return len(found)


def of_turns(connection: Connection, turn_ids: Sequence[str]) -> dict[str, Correction]:
    """What stands about these turns."""
    c = review_corrections.c
    rows = connection.execute(_shown().where(c.turn_id.in_(turn_ids), sa.text("state = 'standing'")))
    return {row.turn_id: Correction(**row._mapping) for row in rows}


def find(connection: Connection, business_ids: Collection[str] | None, correction_id: str) -> Correction | None:
    """One that stands at these businesses (None: any)."""
    c = review_corrections.c
    query = _shown().where(c.id == correction_id, c.state == "standing", *_at(business_ids))
    row = connection.execute(query).one_or_none()
    return None if row is None else Correction(**row._mapping)


def standing(
    connection: Connection, business_ids: Collection[str] | None, verdicts: Collection[str] = TAUGHT
) -> list[Correction]:
    """Those that stand, the newest first."""
    c = review_corrections.c
    query = _shown().where(c.state == "standing", c.verdict.in_(verdicts), *_at(business_ids)).order_by(c.id.desc())
    return [Correction(**row._mapping) for row in connection.execute(query)]


def with_remarks(connection: Connection, business_ids: Collection[str] | None, most: int = 200) -> list[Correction]:
    """Those of which entities were marked, the newest first."""
    c = review_corrections.c
    has_some = sa.cast(c.remarks, sa.Text).not_in(("[]", "null"))
    query = _shown().where(c.state == "standing", c.remarks.is_not(None), has_some, *_at(business_ids))
    return [Correction(**row._mapping) for row in connection.execute(query.order_by(c.id.desc()).limit(most))]


def lessons(connection: Connection, business_ids: Collection[str] | None = None) -> Lessons:
    """What stands at these businesses (None: at all), and what was withdrawn, wherever that was."""
    c = review_corrections.c
    found = standing(connection, business_ids)
    gone = connection.scalars(sa.select(c.id).where(c.state == "withdrawn", c.verdict.in_(TAUGHT)))
    return Lessons(
        standing=[
            Lesson(id=each.id, intent=each.intent, language=each.language, text=each.line)
            for each in found
            if each.intent and each.language and each.line
        ],
        withdrawn=frozenset(gone),
    )


def facts_of_turns(connection: Connection, turn_ids: Sequence[str]) -> dict[str, Facts]:
    """What was said and understood in these turns."""
    t, e = turns.c, turn_events.c
    inputs = {row.id: row.input for row in connection.execute(sa.select(t.id, t.input).where(t.id.in_(turn_ids)))}
    events: dict[str, list[Any]] = {}
    told = sa.select(e.turn_id, e.event).where(e.turn_id.in_(turn_ids)).order_by(e.turn_id, e.position)
    for turn_id, event in connection.execute(told):
        events.setdefault(turn_id, []).append(event)
    return {turn_id: facts_of(given, events.get(turn_id, [])) for turn_id, given in inputs.items()}


def line_of(facts: Facts, person: str | None) -> str:
    """What was said, as it may be taught."""
    return masking.taught(facts.text, person or "")


def names_of(connection: Connection, conversation_ids: Collection[str]) -> dict[str, str]:
    """What the people of these talks are called."""
    c, s = conversations.c, subscribers.c
    query = sa.select(c.id, s.name).join(subscribers, s.id == c.subscriber_id).where(c.id.in_(conversation_ids))
    return {row.id: row.name for row in connection.execute(query.where(s.name.is_not(None)))}


def _lesson(connection: Connection, decision: Decision, facts: Facts, turn: Any) -> dict[str, Any]:
    intent = turn.intent if decision.verdict == RIGHT else (decision.intent or "").strip()
    if not intent or intent == FALLBACK_INTENT:
        raise BadCorrection("meaning", "It was not understood: say what it means.")
    if not is_intent_name(intent):
        raise BadCorrection(
            "name", "A meaning is called by small letters, digits and underlines, such as ask_for_price."
        )
    person = names_of(connection, [turn.conversation_id]).get(turn.conversation_id)
    line = masking.taught(facts.text if decision.line is None else decision.line, person or "")
    if not line.strip():
        raise BadCorrection("words", "There are no words in it that could be learned from.")
    language = decision.language or facts.line_language or turn.language
    if not language:
        raise BadCorrection("language", "Say in which language this is.")
    return {"intent": intent, "line": line, "language": language[:8]}


def _remarks(decision: Decision, before: Correction | None, facts: Facts) -> list[dict[str, Any]] | None:
    if decision.remarks is None:
        return None if before is None or before.remarks is None else [dict(each) for each in before.remarks]
    if len(decision.remarks) > MOST_REMARKS:
        raise BadCorrection("remark", f"No more than {MOST_REMARKS} entities are marked in one line.")
    for each in decision.remarks:
        if not 0 <= each.start < each.end <= len(facts.text) or not is_intent_name(each.entity):
            raise BadCorrection("remark", "An entity has a name in small letters and stands within the line.")
    # Only where it stands: the words themselves are kept once, with the turn.
    return [{"entity": each.entity, "start": each.start, "end": each.end} for each in decision.remarks]


def _withdraw(connection: Connection, which: sa.ColumnElement[bool], by: By) -> bool:
    c = review_corrections.c
    values = {"state": "withdrawn", "withdrawn_by": by.name, "withdrawn_at": by.now}
    return (
        connection.execute(sa.update(review_corrections).where(which, c.state == "standing").values(values)).rowcount
        > 0
    )


def _at(business_ids: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    return [] if business_ids is None else [review_corrections.c.business_id.in_(sorted(business_ids))]


def _shown() -> sa.Select[Any]:
    return review_corrections.select().with_only_columns(*(review_corrections.c[name] for name in Correction.__slots__))
