"""What is known of the token of each number: which are to be asked about, what Meta told, what stands now."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.account import TokenFacts
from server.token_age.tables import access_tokens
from storage.clock import database_now
from storage.tables import phone_numbers

AGAIN_SECONDS: Final = 24 * 3600.0
"""Between two questions about one token."""

RETRY_SECONDS: Final = 900.0
"""After a question that brought no answer; until then, who asks holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownToken:
    """What stands about a number's token."""

    phone_number_id: str
    business_id: str
    display_number: str = field(repr=False)
    is_valid: bool | None
    """None until Meta was asked."""
    problem: str | None
    issued_at: datetime | None
    ends_at: datetime | None
    """None: never."""
    first_seen_at: datetime
    asked_at: datetime | None

    @property
    def since(self) -> datetime:
        """Since when there is it, or, where Meta tells nothing of that, since when we use it."""
        return self.issued_at or self.first_seen_at


def fingerprint_of(secret: str, token: str) -> str:
    """The same for the same token; of no use to who does not know the server's secret."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()[:32]


def numbers_of_ours(connection: Connection) -> list[str]:
    """The phone_number_id of every number."""
    n = phone_numbers.c
    return list(connection.scalars(sa.select(n.phone_number_id).order_by(n.phone_number_id)))


def claim_due(connection: Connection, fingerprints: Mapping[str, str], now: datetime) -> list[str]:
    """The numbers whose token is to be asked about now: new ones, changed ones, those that were not for a day.

    `fingerprints` are those of the tokens in use. Whoever takes one puts it off, so that no other process asks too.
    """
    t = access_tokens.c
    known = {row.phone_number_id: row.fingerprint for row in connection.execute(sa.select(access_tokens))}
    owners = {row.phone_number_id: row.business_id for row in connection.execute(sa.select(phone_numbers))}
    for number, fingerprint in fingerprints.items():
        begun = {
            "fingerprint": fingerprint,
            "is_valid": None,
            "problem": None,
            "issued_at": None,
            "ends_at": None,
            "first_seen_at": now,
            "asked_at": None,
            "ask_at": database_now(),
        }
        if number not in known and number in owners:
            row = {"phone_number_id": number, "business_id": owners[number], **begun}
            connection.execute(sa.insert(access_tokens).values(row))
        elif number in known and known[number] != fingerprint:
            connection.execute(sa.update(access_tokens).where(t.phone_number_id == number).values(begun))
    taken = connection.scalars(
        sa.update(access_tokens)
        .where(t.ask_at <= database_now(), t.phone_number_id.in_(list(fingerprints)))
        .values(ask_at=database_now(RETRY_SECONDS))
        .returning(t.phone_number_id)
    )
    return sorted(taken)


def keep(connection: Connection, numbers: Sequence[str], facts: TokenFacts, now: datetime) -> None:
    """Keep what Meta told of the token of these numbers."""
    _write(
        connection,
        numbers,
        is_valid=facts.is_valid,
        problem=None if facts.is_valid else facts.problem,
        issued_at=facts.issued_at,
        ends_at=facts.ends_at,
        asked_at=now,
        ask_at=database_now(AGAIN_SECONDS),
    )


def keep_refusal(connection: Connection, numbers: Sequence[str], problem: str, now: datetime) -> None:
    """Meta refused the token itself, with which it was asked."""
    _write(connection, numbers, is_valid=False, problem=problem, asked_at=now, ask_at=database_now(AGAIN_SECONDS))


def keep_problem(connection: Connection, numbers: Sequence[str], problem: str) -> None:
    """Meta could not be asked; what was known stays, and it is asked again soon."""
    _write(connection, numbers, problem=problem)


def listed(connection: Connection) -> list[KnownToken]:
    """What stands about the token of every number that has one."""
    t = access_tokens.c
    rows = connection.execute(
        sa.select(
            t.phone_number_id,
            t.business_id,
            phone_numbers.c.display_number,
            *(t[name] for name in ("is_valid", "problem", "issued_at", "ends_at", "first_seen_at", "asked_at")),
        )
        .join(phone_numbers, phone_numbers.c.phone_number_id == t.phone_number_id)
        .order_by(t.phone_number_id)
    )
    return [KnownToken(**row._mapping) for row in rows]


def _write(connection: Connection, numbers: Sequence[str], **values: object) -> None:
    t = access_tokens.c
    connection.execute(sa.update(access_tokens).where(t.phone_number_id.in_(list(numbers))).values(values))
