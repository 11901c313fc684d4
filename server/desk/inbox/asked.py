"""What the address of a list asks for, read into a filter and written again."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from conversations.review.filters import Filter

VIEWS: Final = ("unread", "saved", "flagged", "reviewed", "all")
"""The tabs above a list."""


def _or_none(value: object) -> object:
    """A field of a form that was left empty is not asked."""
    return None if value == "" else value


type Maybe[T] = Annotated[T | None, BeforeValidator(_or_none)]
type Name = Maybe[Annotated[str, Field(max_length=128)]]


class Asked(BaseModel):
    """The query of /talks."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    business: Annotated[str, Field(max_length=63)] = ""
    view: Literal["unread", "saved", "flagged", "reviewed", "all"] = "unread"
    q: Annotated[str, Field(max_length=200)] = ""
    below: Maybe[Annotated[int, Field(ge=1, le=100)]] = None
    """Per cent."""
    intent: Name = None
    entity: Name = None
    action: Name = None
    slot: Name = None
    language: Name = None
    number: Name = None
    tag: Maybe[UUID] = None
    since: Maybe[date] = None
    until: Maybe[date] = None
    least: Maybe[Annotated[int, Field(ge=1, le=10_000)]] = None
    fallback: bool = False
    parked: bool = False
    human: bool = False
    failed: bool = False
    before: Maybe[int] = None

    def filter(self, business_id: str, timezone: str) -> Filter:
        """What is to be found at a business; days are those of its clock, both included."""
        return Filter(
            business_id=business_id,
            status=self.view if self.view in ("unread", "saved", "reviewed") else None,
            is_flagged=self.view == "flagged",
            language=self.language,
            number=self.number,
            tag_id=None if self.tag is None else str(self.tag),
            at_least=self.least,
            with_human=self.human,
            failed_sends=self.failed,
            below=None if self.below is None else self.below / 100,
            is_fallback=self.fallback,
            is_parked=self.parked,
            intent=self.intent,
            entity=self.entity,
            action=self.action,
            slot=self.slot,
            since=None if self.since is None else _midnight(self.since, timezone),
            until=None if self.until is None else _midnight(self.until + timedelta(days=1), timezone),
            text=self.q,
        )

    @property
    def told(self) -> dict[str, str]:
        """What is asked beside the defaults, as the address says it."""
        given = self.model_dump(exclude_defaults=True, mode="json")
        return {name: _written(value) for name, value in given.items()}

    @property
    def narrows(self) -> dict[str, str]:
        """The same without what is no filter: the business, the tab and the page."""
        return {name: value for name, value in self.told.items() if name not in ("business", "view", "before")}

    def address(self, **changes: Any) -> str:
        """The query with these changes; None leaves one out, and so does every change the page."""
        told = {**self.told, "before": None, **changes}
        return urlencode({name: value for name, value in told.items() if value not in (None, "")})


def _written(value: Any) -> str:
    return "true" if value is True else str(value)


def _midnight(day: date, timezone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone))
