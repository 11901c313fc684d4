"""Merchants: who sells through the business, what kind of shop it is, and when it is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from trade.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of shop, such as restaurants."""

    id: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)  # by language ("fr"), where the business says it in several

    def name_in(self, language: str) -> str:
        """What it is called in this language, else what the business calls it."""
        return self.names.get(language, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """Somebody who sells through the business."""

    id: str
    name: str
    open_now: bool
    opens_at: datetime | None = None  # when it opens next; None while it is open, or when nobody knows
    hours: Mapping[str, str] = field(default_factory=dict)  # as in business.yml: "mon-fri" → "08:00-19:00"
    category: Category | None = None
    description: str | None = None
    address: str | None = None
    phone: str | None = None
    photo_url: str | None = None
    minimum: Money | None = None  # the smallest order it takes, without delivery
    preparation_minutes: int | None = None
