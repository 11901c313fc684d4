"""Messages by how they went: of a channel, a template, a workflow, in a status, for a reason, in a time.

What is rare among a million is found by the figures: they know the hours in which there was any, and only those are
read. The last two hours are always read, for the figures are a little behind.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy.engine import Connection, Row

from figures.counting import HOUR, TEMPLATE_NAME
from figures.keeping import hour_of
from figures.reading import Over, hours_with
from notifications.status import Status
from notifications.tables import HAS_FAILED, messages, notifications
from server.desk.overview.period import midnight
from server.desk.visit import House
from storage.types import first_id_at

MOST_HOURS: Final = 400
"""That are read for one page: where the figures say that there is something, and there is not any more."""

ALWAYS: Final = 2
"""Hours before now that are read in any case."""

type Name = Annotated[str, Field(max_length=128)]


class Sought(BaseModel):
    """What the address of the list narrows it to."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    business: Annotated[str, Field(max_length=63)] = ""
    channel: Name = ""
    status: list[Status] = []
    template: Name = ""
    workflow: Name = ""
    code: Annotated[int | None, BeforeValidator(lambda value: None if value == "" else value)] = None
    since: Annotated[str, Field(max_length=32, pattern=r"^[0-9T:-]*$")] = ""
    until: Annotated[str, Field(max_length=32, pattern=r"^[0-9T:-]*$")] = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is sought."""
        return bool(self.model_dump(exclude_defaults=True))

    @property
    def query(self) -> str:
        """The same, as the address says it."""
        return urlencode(self.model_dump(exclude_defaults=True, mode="json"), doseq=True)

    def times(self, house: House, now: datetime) -> tuple[datetime, datetime]:
        """From when, and until before when; a day is one of the business's clock. Nonsense is left out."""
        since = _moment(self.since, house.timezone, ends=False) or datetime.fromtimestamp(0, UTC)
        until = _moment(self.until, house.timezone, ends=True) or now + HOUR
        return since, min(until, now + HOUR)


@dataclass(frozen=True, slots=True)
class _Known:
    """Where the figures count such messages."""

    kind: str
    name: str | None
    detail: str | None


def find(
    connection: Connection, shown: sa.Select[Any], house: House, sought: Sought, before: str | None, most: int,
    now: datetime,
) -> Sequence[Row[Any]]:  # fmt: skip
    """The newest first, of this business."""
    m = messages.c
    since, until = sought.times(house, now)
    wanted = shown.where(m.business_id == house.id, *_conditions(sought)).order_by(m.id.desc())
    if sought.workflow:
        wanted = wanted.join(notifications, notifications.c.id == m.notification_id)
    if sought.status == [Status.FAILED]:
        # They have an index of their own.
        ids = first_id_at(since), min(before or first_id_at(until), first_id_at(until))
        return connection.execute(wanted.where(HAS_FAILED, m.id >= ids[0], m.id < ids[1]).limit(most)).all()
    found: list[Row[Any]] = []
    over = Over(business_id=house.id, since=hour_of(since) if since.timestamp() else since, until=until, grain="hour")
    for first, after in _hours(connection, over, _known(sought), now):
        ids = first_id_at(max(first, since)), first_id_at(min(after, until))
        newest = ids[1] if before is None else min(ids[1], before)
        if newest > ids[0]:
            here = wanted.where(m.id >= ids[0], m.id < newest).limit(most - len(found))
            found += connection.execute(here).all()
        if len(found) == most:
            break
    return found


def _hours(connection: Connection, over: Over, known: _Known, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Beginning and end of each hour that may hold some, the newest first."""
    fresh = hour_of(now) - (ALWAYS - 1) * HOUR
    yield fresh, now + HOUR
    counted = hours_with(connection, over, known.kind, known.name, known.detail)
    older = (at for at, _ in counted if at < fresh)
    for _, at in zip(range(MOST_HOURS), older, strict=False):
        yield at, at + HOUR


def _known(sought: Sought) -> _Known:
    only = sought.status[0].value if len(sought.status) == 1 else None
    if sought.code is not None:
        return _Known("failed", sought.channel or None, str(sought.code))
    if sought.template:
        return _Known("template", sought.template, only)
    if sought.workflow:
        return _Known("workflow", sought.workflow, only)
    return _Known("out", sought.channel or None, only)


def _conditions(sought: Sought) -> list[Any]:
    m = messages.c
    # As the figures count: what test keys made is left out.
    found: list[Any] = [sa.not_(m.is_test)]
    if sought.channel:
        found.append(m.channel == sought.channel)
    if sought.status:
        found.append(m.status.in_(sought.status))
    if sought.code is not None:
        found.append(m.error_code == sought.code)
    if sought.template:
        found.append(sought.template == TEMPLATE_NAME)
    if sought.workflow:
        found.append(notifications.c.workflow == sought.workflow)
    return found


def _moment(text: str, timezone: str, *, ends: bool) -> datetime | None:
    try:
        if "T" in text:
            return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
        day = date.fromisoformat(text)
        return midnight(day + timedelta(days=1) if ends else day, timezone)
    except (ValueError, OverflowError):
        return None
