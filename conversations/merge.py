"""Makes one person of two, when a message or WhatsApp itself shows that two subscribers were the same all along.

The older subscriber stays, and everything of the other moves to them. Where both talked on one number of ours, one talk
goes on with the turns of both; the other's row stays for what is still on its way to it, and is left empty.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.review import projection
from conversations.tables import turns
from storage.clock import database_now
from storage.references import repoint
from storage.tables import conversations, subscribers


def merge(connection: Connection, one: str, other: str) -> str:
    """Make one of two subscribers of a business; the id of the one who stays."""
    # Ids are ordered by the moment they were made.
    stays, goes = sorted((one, other))
    talks = _locked_talks(connection, stays, goes)
    for number, goes_on in talks[stays].items():
        if number in talks[goes]:
            join(connection, goes_on=goes_on, ends=talks[goes][number])
    c = conversations.c
    connection.execute(
        sa.update(conversations).where(c.subscriber_id == goes, c.merged_into.is_(None)).values(subscriber_id=stays)
    )
    repoint(connection, subscribers.c.id, goes, stays, keep=[conversations.c.subscriber_id])
    _complete(connection, stays, goes)
    return stays


def join(connection: Connection, *, goes_on: str, ends: str) -> None:
    """Let one talk end and the other go on with all that is in it; again for what was being kept in it meanwhile."""
    c = conversations.c
    # A worker may be at one of the turns that move: what it brings is dropped, and the turn is taken up again.
    connection.execute(
        sa.update(turns).where(turns.c.conversation_id == ends, turns.c.status == "running").values(status="waiting")
    )
    projection.moves(connection, ends)
    left = connection.execute(sa.select(c.last_inbound_at, c.next_turn_at, c.answered_by).where(c.id == ends)).one()
    repoint(connection, c.id, ends, goes_on)
    connection.execute(
        sa.update(conversations)
        .where(c.id == ends)
        .values(merged_into=goes_on, attempt=c.attempt + 1, lease_until=None, lease_owner=None, next_turn_at=None)
    )
    values: dict[str, Any] = {}
    if left.last_inbound_at is not None:
        values["last_inbound_at"] = sa.case(
            (c.last_inbound_at.is_(None) | (c.last_inbound_at < left.last_inbound_at), left.last_inbound_at),
            else_=c.last_inbound_at,
        )
    if left.next_turn_at is not None:
        values["next_turn_at"] = sa.func.coalesce(c.next_turn_at, database_now())
    if left.answered_by == "human":
        values["answered_by"] = "human"
    if values:
        connection.execute(sa.update(conversations).where(c.id == goes_on).values(values))


def _locked_talks(connection: Connection, *subscriber_ids: str) -> dict[str, dict[str, str]]:
    """Conversation ids by subscriber and number of ours, held until the transaction ends."""
    c = conversations.c
    rows = connection.execute(
        sa.select(c.id, c.subscriber_id, c.phone_number_id)
        .where(c.subscriber_id.in_(subscriber_ids), c.merged_into.is_(None))
        .order_by(c.id)
        .with_for_update()
    )
    talks: dict[str, dict[str, str]] = {each: {} for each in subscriber_ids}
    for row in rows:
        talks[row.subscriber_id][row.phone_number_id] = row.id
    return talks


def _complete(connection: Connection, stays: str, goes: str) -> None:
    """What only the other knew is kept; what both knew stays as the survivor had it."""
    s = subscribers.c
    columns = (s.name, s.locale, s.timezone, s.external_id, s.attributes)
    known, other = (connection.execute(sa.select(*columns).where(s.id == each)).one() for each in (stays, goes))
    completed = {column.name: getattr(other, column.name) for column in columns if not getattr(known, column.name)}
    given = {name: value for name, value in completed.items() if value}
    # The id that the business calls them by is unique; where it had two for one person, each still finds them.
    without = {"external_id": None} if "external_id" in given else {}
    connection.execute(sa.update(subscribers).where(s.id == goes).values(merged_into=stays, **without))
    if given:
        connection.execute(sa.update(subscribers).where(s.id == stays).values(given))
