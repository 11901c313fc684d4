"""Claims and ratings: what people say about a delivery when it is over, or went wrong."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trade.money import Money

LOWEST_SCORE, HIGHEST_SCORE = 1, 5


class ClaimKind(StrEnum):
    """What went wrong."""

    DAMAGED = "damaged"
    MISSING = "missing"
    WRONG_ITEM = "wrong_item"
    LATE = "late"
    REFUND = "refund"
    OTHER = "other"


class ClaimStatus(StrEnum):
    """Where a claim stands. Backends may know more: `Claim.status` is any string."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file a person sent: Relais keeps it under this id (`GET /v1/media/{id}` on its private port)."""

    id: str
    mime_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A complaint about one mission or order, and what became of it."""

    id: str
    about: str  # the code of the mission or order
    kind: str
    status: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    media: tuple[Media, ...] = ()
    answer: str | None = None  # what the business says to it
    refund: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a person thinks of a delivery: 1 (bad) to 5 (good)."""

    about: str  # the code of the mission or order
    score: int
    comment: str | None = None
    rated_at: datetime
