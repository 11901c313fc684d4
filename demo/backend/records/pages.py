"""Pages of lists: a cursor says after which row, so that new rows neither repeat nor hide old ones."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from http import HTTPStatus

from demo.backend.problems import Refusal


def cursor_of(*place: str) -> str:
    """The place of the last row as a word without meaning for whoever gets it."""
    return urlsafe_b64encode("\n".join(place).encode()).decode().rstrip("=")


def place_of(cursor: str, parts: int) -> list[str]:
    """The place a cursor of ours means."""
    try:
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("\n")
    except ValueError:  # no base64, or no text in it
        place = []
    if len(place) != parts:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "cursor in the query is wrong: take it from next_cursor.")
    return place


def page[Value](found: Sequence[Value], limit: int, place: Callable[[Value], str]) -> tuple[list[Value], str | None]:
    """At most `limit` of what was found, which should be one more, and the cursor for what follows."""
    shown = list(found[:limit])
    return shown, place(shown[-1]) if len(found) > limit else None


def offset_of(cursor: str | None) -> int:
    """Where a page of a list that does not grow starts."""
    if cursor is None:
        return 0
    (number,) = place_of(cursor, 1)
    if not (number.isascii() and number.isdigit()):
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "cursor in the query is wrong: take it from next_cursor.")
    return int(number)


def slice_of[Value](values: Sequence[Value], limit: int, cursor: str | None) -> tuple[list[Value], str | None]:
    """One page of a list that is all there."""
    start = offset_of(cursor)
    more = len(values) > start + limit
    return list(values[start : start + limit]), cursor_of(str(start + limit)) if more else None
