"""Promotions of models, the open one and those that ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.models.tables import model_promotions
from storage.insert import insert_new
from storage.types import new_id

MOST: Final = 20
"""Of one list."""


class State(StrEnum):
    """How far a promotion is."""

    #: the bot was asked, and has not answered yet
    SWITCHING = "switching"
    #: the model answers people, or did
    DONE = "done"
    #: the bot stayed with the one before
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One model put in the place of another."""

    id: str
    from_model: str | None
    to_model: str
    member_id: str | None
    state: State
    why: str | None
    asked_at: datetime
    ended_at: datetime | None


def begin(
    connection: Connection, *, from_model: str | None, to_model: str, member_id: str | None, now: datetime
) -> str | None:
    """Open one; its id, or None while another one is open."""
    made = {
        "id": new_id(),
        "from_model": from_model,
        "to_model": to_model,
        "member_id": member_id,
        "state": State.SWITCHING,
        "asked_at": now,
    }
    return insert_new(connection, model_promotions, made, model_promotions.c.id)


def end(connection: Connection, promotion_id: str, state: State, now: datetime, why: str | None = None) -> bool:
    """Close an open one; whether it was open."""
    p = model_promotions.c
    changed = connection.execute(
        sa.update(model_promotions)
        .where(p.id == promotion_id, p.state == State.SWITCHING)
        .values(state=state, why=why, ended_at=now)
    )
    return changed.rowcount == 1


def open_one(connection: Connection) -> Promotion | None:
    """The one that is under way."""
    found = _read(connection, model_promotions.c.state == State.SWITCHING, most=1)
    return found[0] if found else None


def listed(connection: Connection, most: int = MOST) -> Sequence[Promotion]:
    """The newest first."""
    return _read(connection, sa.true(), most=most)


def latest(connection: Connection, model: str) -> Promotion | None:
    """The last time that this model was put in the place of another."""
    p = model_promotions.c
    found = _read(connection, sa.and_(p.to_model == model, p.state == State.DONE), most=1)
    return found[0] if found else None


def _read(connection: Connection, where: sa.ColumnElement[bool], most: int) -> Sequence[Promotion]:
    rows = connection.execute(
        sa.select(model_promotions).where(where).order_by(model_promotions.c.id.desc()).limit(most)
    )
    return [Promotion(**{**row._mapping, "state": State(row.state)}) for row in rows]
