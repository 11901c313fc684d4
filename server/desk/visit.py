"""Who asks for a page, and how they want to read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from staff import Member


@dataclass(frozen=True, slots=True)
class House:
    """A business as the desk's pages call it."""

    id: str
    slug: str
    name: str
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How a page is to read, also for somebody who is not logged in."""

    language: str
    """fr or en"""
    theme: str
    """auto, light or dark"""
    path: str
    """Of this page, after /desk: what the menu marks as open."""
    now: datetime
    timezone: str = "UTC"
    done: str | None = None
    """What was just done, as topic.key of the words; the page says it once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Reader):
    """One request of somebody who is logged in."""

    member: Member
    session_id: str
    csrf: str
    """What a form or a request of htmx must carry to change something."""
    address: str
    """From where they ask."""
    houses: Mapping[str, House]
    """All businesses by their ids, in the order of their names."""

    def house_name(self, business_id: str | None) -> str:
        """How a business is called; a dash for none."""
        found = self.houses.get(business_id) if business_id else None
        return found.name if found else "–"

    def of(self, ids: Collection[str] | None) -> list[House]:
        """These businesses, by name; all of them for None."""
        return [house for house in self.houses.values() if ids is None or house.id in ids]
