"""Claims and ratings."""

import sqlite3
from datetime import datetime

from pydantic import TypeAdapter

from demo.backend.contract.aftercare import Claim, Claims, Media, NewClaim, Rating
from demo.backend.contract.values import Money
from demo.backend.records import pages
from demo.backend.store import insert, to_moment, to_text

_CLAIMS = "SELECT claims.*, currency FROM claims JOIN businesses ON slug = business WHERE business = ?"
_OF_CUSTOMER = "AND customer_phone = ?"
_MEDIA = TypeAdapter(list[Media])


def claim(database: sqlite3.Connection, business: str, phone: str, claim_id: str) -> Claim | None:
    """One claim of one customer."""
    row = database.execute(f"{_CLAIMS} {_OF_CUSTOMER} AND id = ?", (business, phone, claim_id)).fetchone()
    return _claim(row) if row else None


def claims(database: sqlite3.Connection, business: str, phone: str, limit: int, cursor: str | None = None) -> Claims:
    """A page of the claims of one customer, newest first."""
    before = ("9", "") if cursor is None else tuple(pages.place_of(cursor, 2))
    rows = database.execute(
        f"{_CLAIMS} {_OF_CUSTOMER} AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?",
        (business, phone, *before, limit + 1),
    ).fetchall()
    shown, following = pages.page(rows, limit, lambda row: pages.cursor_of(row["created_at"], row["id"]))
    return Claims(claims=[_claim(row) for row in shown], next_cursor=following)


def every_claim(database: sqlite3.Connection, business: str) -> list[Claim]:
    """Every claim of a business, newest first: for the page of the business, never for customers."""
    rows = database.execute(f"{_CLAIMS} ORDER BY created_at DESC, id DESC", (business,)).fetchall()
    return [_claim(row) for row in rows]


def write_claim(
    database: sqlite3.Connection, business: str, phone: str, claim_id: str, about: str, wanted: NewClaim, now: datetime
) -> None:
    """A claim that was just made."""
    insert(
        database,
        "claims",
        id=claim_id,
        about=about,
        business=business,
        customer_phone=phone,
        kind=wanted.kind,
        status="open",
        created_at=to_text(now),
        updated_at=to_text(now),
        description=wanted.description,
        media=_MEDIA.dump_json(wanted.media).decode(),
        answer=None,
        refund=None,
    )


def answer_claim(
    database: sqlite3.Connection, claim_id: str, status: str, answer: str | None, refund: str | None, now: datetime
) -> bool:
    """What the business says to it; whether there is such a claim."""
    sql = "UPDATE claims SET status = ?, answer = ?, refund = ?, updated_at = ? WHERE id = ?"
    return database.execute(sql, (status, answer, refund, to_text(now), claim_id)).rowcount > 0


def rate(database: sqlite3.Connection, business: str, phone: str, rating: Rating) -> None:
    """The newest rating takes the place of the one before."""
    database.execute("DELETE FROM ratings WHERE about = ?", (rating.about,))
    insert(
        database,
        "ratings",
        about=rating.about,
        business=business,
        customer_phone=phone,
        score=rating.score,
        comment=rating.comment,
        rated_at=to_text(rating.rated_at),
    )


def ratings(database: sqlite3.Connection, business: str, phone: str) -> list[Rating]:
    """Every rating of one customer."""
    rows = database.execute("SELECT * FROM ratings WHERE business = ? AND customer_phone = ?", (business, phone))
    return [
        Rating(about=row["about"], score=row["score"], comment=row["comment"], rated_at=to_moment(row["rated_at"]))
        for row in rows
    ]


def _claim(row: sqlite3.Row) -> Claim:
    return Claim(
        id=row["id"],
        about=row["about"],
        kind=row["kind"],
        status=row["status"],
        created_at=to_moment(row["created_at"]),
        updated_at=to_moment(row["updated_at"]),
        description=row["description"],
        media=_MEDIA.validate_json(row["media"]),
        answer=row["answer"],
        refund=Money(amount=row["refund"], currency=row["currency"]) if row["refund"] else None,
    )
