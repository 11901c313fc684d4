"""Finds people: by a name, a number, an email address, the business's own id or ours."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query, Response
from sqlalchemy.engine import Connection, Row

from server.desk.door import needs
from server.desk.page import Desk
from server.desk.people import names
from server.desk.visit import Visit
from staff import Act
from staff.audit import Deed, keep
from storage.tables import addresses, businesses, subscribers

type Reader = Annotated[Visit, needs(Act.READ_PEOPLE)]

MOST: Final = 40
"""Of one page: who finds more asks more closely."""

LOOKED_AT: Final = 2000
"""Of those whom one index finds; the newest of them are shown."""

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
    reach = visit.member.reach(Act.READ_PEOPLE)
    conditions = [s.merged_into.is_(None)]
    if reach is not None:
        conditions.append(s.business_id.in_(sorted(reach)))
    if asked:
        # First who they are, then the newest of them: asked at once, a database reads everybody from the newest on.
        ids = {each for question in _questions(connection, conditions, asked, reach)
               for each in connection.scalars(question.limit(LOOKED_AT))}  # fmt: skip
        conditions.append(s.id.in_(sorted(ids)))
    people: sa.Select[Any] = sa.select(s.id, s.business_id, s.name, s.role, s.external_id, s.created_at).where(
        *conditions
    )
    return connection.execute(people.order_by(s.id.desc()).limit(MOST)).all()


def _questions(
    connection: Connection, conditions: Sequence[sa.ColumnElement[bool]], asked: str, reach: Collection[str] | None
) -> Iterator[sa.Select[Any]]:
    """Each finds ids of people, through an index of its own."""
    s, a = subscribers.c, addresses.c
    if (own := _uuid(asked)) is not None:
        yield sa.select(s.id).where(s.id == own)
        return
    business_ids = sa.select(businesses.c.id) if reach is None else sorted(reach)
    yield sa.select(s.id).where(s.business_id.in_(business_ids), s.external_id == asked)
    reached = sa.select(a.subscriber_id).where(a.business_id.in_(business_ids))
    digits = re.sub(r"\D", "", asked)
    if _NUMBER.fullmatch(asked) and len(digits) >= FEWEST_DIGITS:
        for kind, beginning in (("phone", f"+{digits}"), ("whatsapp", digits)):
            yield reached.where(a.kind == kind, *_range(beginning))
    elif "@" in asked:
        yield reached.where(a.kind == "email", a.value == asked.lower())
    elif words := names.words_of(asked):
        yield names.named(connection.dialect.name, conditions, words)


def _range(beginning: str) -> tuple[sa.ColumnElement[bool], ...]:
    """The index over business, kind and value knows it: ":" follows the digit 9."""
    a = addresses.c
    return a.value >= beginning, a.value < f"{beginning}:"


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
