"""Claims and ratings, and what a customer may ask about their own data."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from demo.backend.contract.values import Cursor, Id, Money, Part, Words

Kind = Literal["damaged", "missing", "wrong_item", "late", "refund", "other"]


class Media(Part):
    """A file the customer sent."""

    id: Annotated[str, Field(min_length=1, max_length=200, examples=["0194a7c2-1f0e-7b7a-9d1c-8f4f6d1b2a33"])]
    """Relais keeps it: fetch it from `GET /v1/media/{id}` on the private port."""
    mime_type: Annotated[str | None, Field(max_length=200, examples=["image/jpeg"])] = None
    """What kind of file it is."""


class NewClaim(Part):
    """What went wrong with a mission or an order."""

    about: Id
    """Its code."""
    kind: Kind
    """What went wrong."""
    description: Words | None = None
    """In the customer's words."""
    media: Annotated[list[Media], Field(max_length=10)] = Field(default_factory=list)
    """Photos and other files."""


class Claim(Part):
    """A complaint, and what became of it."""

    id: Annotated[Id, Field(examples=["RCL-20250127-003"])]
    """What the customer may quote."""
    about: Id
    """The code of the mission or order."""
    kind: str
    """damaged, missing, wrong_item, late, refund or other."""
    status: Annotated[str, Field(examples=["in_review"])]
    """open, in_review, accepted or rejected; others are shown as they are."""
    created_at: AwareDatetime
    """When it was made."""
    updated_at: AwareDatetime
    """When its status changed last."""
    description: str | None = None
    """In the customer's words."""
    media: list[Media] = Field(default_factory=list)
    """Photos and other files."""
    answer: str | None = None
    """What you say to it; the customer reads it."""
    refund: Money | None = None
    """What they get back."""


class Claims(Part):
    """Claims of one customer."""

    claims: list[Claim]
    """Newest first."""
    next_cursor: Cursor = None
    """Ask with it as `cursor` for what follows; null at the end."""


class NewRating(Part):
    """What a customer thinks of a delivery."""

    about: Id
    """The code of the mission or order."""
    score: Annotated[int, Field(ge=1, le=5)]
    """1 is bad, 5 is good."""
    comment: Words | None = None
    """In the customer's words."""


class Rating(Part):
    """A rating; a later one of the same delivery takes its place."""

    about: Id
    """The code of the mission or order."""
    score: int
    """1 to 5."""
    comment: str | None = None
    """In the customer's words."""
    rated_at: AwareDatetime
    """When."""


class Export(Part):
    """Everything you hold about a customer."""

    exported_at: AwareDatetime
    """When this was put together."""
    data: dict[str, Any]
    """In whatever order suits you: it goes to the customer as a file."""


class Kept(Part):
    """Something that may not be deleted yet."""

    what: Annotated[str, Field(examples=["receipts"])]
    """What it is, in a word."""
    until: AwareDatetime | None = None
    """Until when you keep it."""


class Deletion(Part):
    """What was deleted."""

    deleted_at: AwareDatetime
    """When."""
    kept: list[Kept] = Field(default_factory=list)
    """What the law makes you keep; empty when nothing is left."""
