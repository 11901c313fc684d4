"""Finds people: by a name, a number, an email address, the business's own id or ours."""

import re
from collections.abc import Collection, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query, Response
from sqlalchemy.engine import Connection, Row

from server.desk.door import needs
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act
from staff.audit import Deed, keep
from storage.tables import addresses, subscribers

type Reader = Annotated[Visit, needs(Act.READ_PEOPLE)]

MOST: Final = 40
"""Of one page: who finds more asks more closely."""

FEWEST_DIGITS: Final = 4
"""From so many digits on it is a number that begins like that."""

_NUMBER: Final = re.compile(r"[+\d][\d ().-]*")


def search_routes(desk: Desk) -> APIRouter:
    """GET /people."""
    router = APIRouter(prefix="/people")

    @router.get("")
    async def people(visit: Reader, q: Annotated[str, Query(max_length=200)] = "") -> Response:
        """Those who were found; without a question, those who came last."""
        rows = await desk.parts.database.write(_found, visit, q.strip())
        return desk.page(visit, "people/people.html", rows=rows, q=q.strip(), most=MOST)

    return router


def _found(connection: Connection, visit: Visit, asked: str) -> Sequence[Row[Any]]:
    if asked:
        # What was asked is not kept: it is itself somebody's name or number.
        keep(connection, Deed.PEOPLE_SEARCHED, visit.now, member_id=visit.member.id, address=visit.address)
    s = subscribers.c
    found: sa.Select[Any] = sa.select(s.id, s.business_id, s.name, s.role, s.external_id, s.created_at).where(
        s.merged_into.is_(None)
    )
    reach = visit.member.reach(Act.READ_PEOPLE)
    if reach is not None:
        found = found.where(s.business_id.in_(sorted(reach)))
    if asked:
        found = found.where(_condition(asked, reach))
    return connection.execute(found.order_by(s.id.desc()).limit(MOST)).all()


def _condition(asked: str, reach: Collection[str] | None) -> sa.ColumnElement[bool]:
    s, a = subscribers.c, addresses.c
    if (own := _uuid(asked)) is not None:
        return s.id == own
    digits = re.sub(r"\D", "", asked)
    if _NUMBER.fullmatch(asked) and len(digits) >= FEWEST_DIGITS:
        beginning = [_begins("phone", f"+{digits}"), _begins("whatsapp", digits)]
        return s.id.in_(sa.select(a.subscriber_id).where(_of(reach), sa.or_(*beginning))) | (s.external_id == asked)
    if "@" in asked:
        return s.id.in_(sa.select(a.subscriber_id).where(_of(reach), a.kind == "email", a.value == asked.lower()))
    return (s.external_id == asked) | s.name.icontains(asked, autoescape=True)


def _of(reach: Collection[str] | None) -> sa.ColumnElement[bool]:
    return sa.true() if reach is None else addresses.c.business_id.in_(sorted(reach))


def _begins(kind: str, digits: str) -> sa.ColumnElement[bool]:
    """A range, which the index over business, kind and value knows: ":" follows the digit 9."""
    a = addresses.c
    return (a.kind == kind) & (a.value >= digits) & (a.value < f"{digits}:")


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
