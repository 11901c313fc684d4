"""Long lists a page at a time: newest first, with a cursor that stays right while rows come and go."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from sqlalchemy.engine import Connection, Row

from server.api.problems import invalid

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 100

_BEGIN: Final = b"1:"
"""The form of what is in a cursor; another form gets another number."""

Cursor = Annotated[str | None, Query(max_length=128, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows on a page")]


def page(
    connection: Connection,
    statement: sa.Select[Any],
    by: sa.ColumnElement[str],
    cursor: str | None,
    limit: int,
    view: Callable[[Row[Any]], dict[str, Any]],
) -> dict[str, Any]:
    """{data, next}: rows from the highest `by` (an id of ours, so by age) downwards. Raises Problem."""
    if cursor is not None:
        statement = statement.where(by < _read(cursor))
    rows = connection.execute(statement.order_by(by.desc()).limit(limit + 1)).all()
    return _page(rows, limit, view)


def _page(rows: Sequence[Row[Any]], limit: int, view: Callable[[Row[Any]], dict[str, Any]]) -> dict[str, Any]:
    shown = rows[:limit]
    more = _write(str(shown[-1].id)) if len(rows) > limit else None
    return {"data": [view(row) for row in shown], "next": more}


def _write(last_id: str) -> str:
    return base64.urlsafe_b64encode(_BEGIN + UUID(last_id).bytes).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        if not raw.startswith(_BEGIN):
            raise ValueError(cursor)
        return str(UUID(bytes=raw.removeprefix(_BEGIN)))
    except (ValueError, binascii.Error):
        raise invalid(
            "query.cursor", "it is no cursor of ours", "Send `next` of the page before, or leave it out."
        ) from None
