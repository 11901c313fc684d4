"""Claims, ratings and people's own data on the wire."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, Field

from backend.wire.missions import Score
from backend.wire.values import Body, MoneyWire, Page, PageWire, Prose, Wire, Word, moment, money, present, read
from trade.claims import Claim, Media, Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Everything the backend holds about a customer."""

    exported_at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something the backend may not delete yet."""

    what: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What became of a customer's data."""

    deleted_at: datetime
    kept: tuple[Kept, ...] = ()


class _Media(Wire):
    id: Word
    mime_type: Prose | None = None

    def value(self) -> Media:
        """As ours."""
        return Media(id=self.id, mime_type=self.mime_type)


class _Claim(Wire):
    id: Word
    about: Word
    kind: Word
    status: Word
    created_at: AwareDatetime
    updated_at: AwareDatetime
    description: Prose | None = None
    media: list[_Media] = Field(default_factory=list)
    answer: Prose | None = None
    refund: MoneyWire | None = None


class _Claims(PageWire):
    claims: list[_Claim]


class _Rating(Wire):
    about: Word
    score: Score
    comment: Prose | None = None
    rated_at: AwareDatetime


class _Export(Wire):
    exported_at: AwareDatetime
    data: dict[str, Any]


class _Kept(Wire):
    what: Word
    until: AwareDatetime | None = None


class _Deletion(Wire):
    deleted_at: AwareDatetime
    kept: list[_Kept] = Field(default_factory=list)


def read_claim(body: bytes) -> Claim:
    """One claim."""
    return _to_claim(read(_Claim, body))


def read_claims(body: bytes) -> Page[Claim]:
    """A page of claims."""
    page = read(_Claims, body)
    return Page(items=tuple(_to_claim(each) for each in page.claims), next_cursor=page.next_cursor)


def read_rating(body: bytes) -> Rating:
    """One rating."""
    wire = read(_Rating, body)
    return Rating(about=wire.about, score=wire.score, comment=wire.comment, rated_at=wire.rated_at.astimezone(UTC))


def read_export(body: bytes) -> Export:
    """Everything about a customer."""
    wire = read(_Export, body)
    return Export(exported_at=wire.exported_at.astimezone(UTC), data=wire.data)


def read_deletion(body: bytes) -> Deletion:
    """What was deleted."""
    wire = read(_Deletion, body)
    kept = tuple(Kept(what=each.what, until=moment(each.until)) for each in wire.kept)
    return Deletion(deleted_at=wire.deleted_at.astimezone(UTC), kept=kept)


def write_media(media: Media) -> Body:
    """A file for the backend."""
    return present({"id": media.id, "mime_type": media.mime_type})


def _to_claim(wire: _Claim) -> Claim:
    return Claim(
        id=wire.id,
        about=wire.about,
        kind=wire.kind,
        status=wire.status,
        created_at=wire.created_at.astimezone(UTC),
        updated_at=wire.updated_at.astimezone(UTC),
        description=wire.description,
        media=tuple(each.value() for each in wire.media),
        answer=wire.answer,
        refund=money(wire.refund),
    )
