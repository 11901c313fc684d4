"""Reads what the pages of talks show, in one transaction each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review import listing, noting, projection
from conversations.review.corrections import keeping
from conversations.review.corrections.keeping import Correction
from conversations.review.listing import Counts, Listed, Tag
from conversations.review.masking import masked
from conversations.review.noting import KeptFilter, Note
from conversations.review.stamps import moment_of
from server.desk.inbox.asked import Asked
from server.desk.talk.lines import SENDS, Line, read_lines
from server.desk.visit import House, Visit
from staff import Act
from storage.tables import phone_numbers

LATE_SECONDS: Final = 2.0
"""From when on the page says that its list is behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A talk in the list, as this reader may see it."""

    talk: Listed
    who: str
    text: str
    at: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkList:
    """What the left side shows."""

    house: House
    rows: Sequence[Row]
    next: int | None
    found: int
    counts: Counts
    most_told: int
    late_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen in the filters."""

    names: Mapping[str, Sequence[str]]
    tags: Sequence[Tag]
    numbers: Sequence[tuple[str, str]]
    kept: Sequence[KeptFilter]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTalk:
    """What the right side shows."""

    row: Row
    house: House
    lines: Sequence[Line]
    notes: Sequence[Note]
    tags: Sequence[Tag]
    corrections: Mapping[str, Correction]
    """What readers said that lines meant, by turn."""
    older_than: str | None
    newer_than: str | None


def find_list(connection: Connection, visit: Visit, house: House, asked: Asked) -> TalkList:
    """The list that is asked for."""
    wanted = asked.filter(house.id, house.timezone)
    rows, following = listing.page(connection, wanted, SENDS, asked.before)
    return TalkList(
        house=house,
        rows=[row_of(visit, house.id, each) for each in rows],
        next=following,
        found=listing.count(connection, wanted, SENDS),
        counts=listing.counts(connection, house.id),
        most_told=listing.MOST_TOLD,
        late_seconds=projection.lag(connection).seconds,
    )


def find_choices(connection: Connection, visit: Visit, house: House) -> Choices:
    """What there is to choose from."""
    p = phone_numbers.c
    numbers = connection.execute(
        sa.select(p.phone_number_id, p.display_number).where(p.business_id == house.id).order_by(p.display_number)
    )
    return Choices(
        names=listing.names(connection, house.id),
        tags=noting.tags(connection, house.id),
        numbers=[(row.phone_number_id, row.display_number) for row in numbers],
        kept=noting.filters(connection, house.id, visit.member.id),
    )


def find_talk(
    connection: Connection, visit: Visit, conversation_id: str, *, before: str | None = None, around: str | None = None
) -> OpenTalk | None:
    """A talk; None where there is none that this reader may see."""
    found = find_row(connection, visit, conversation_id)
    if found is None:
        return None
    house, row = found
    part = read_lines(connection, conversation_id, before=before, around=around)
    return OpenTalk(
        row=row,
        house=house,
        lines=part.lines,
        notes=noting.notes(connection, conversation_id),
        tags=noting.tags(connection, house.id),
        corrections=keeping.of_turns(connection, _turn_ids(part.lines)),
        older_than=part.older_than,
        newer_than=part.newer_than,
    )


def _turn_ids(lines: Sequence[Line]) -> list[str]:
    return [line.heard.turn.id for line in lines if line.heard is not None and line.heard.turn is not None]


def find_row(connection: Connection, visit: Visit, conversation_id: str, act: Act = Act.READ_TALKS) -> Any:
    """The business and the row of a talk at which this reader may do this; None where there is none."""
    reach = visit.member.reach(act)
    found = listing.one(connection, None if reach is None else sorted(reach), conversation_id, SENDS)
    if found is None:
        return None
    business_id, listed = found
    return visit.houses[business_id], row_of(visit, business_id, listed)


def row_of(visit: Visit, business_id: str, listed: Listed) -> Row:
    """A talk as this reader may see it in a list: who need not know people sees neither names nor numbers."""
    sees_people = visit.member.may(Act.READ_PEOPLE, business_id)
    return Row(
        talk=listed,
        who=(listed.person or "") if sees_people else "",
        text=listed.text if sees_people else masked(listed.text),
        at=moment_of(listed.stamp),
    )
