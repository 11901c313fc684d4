"""The gate's question about a template message: may this template go now, does another go instead, is it marketing?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications.gate import Refusal
from notifications.status import Status
from notifications.tables import templates
from storage.tables import phone_numbers

USABLE: Final = frozenset({"APPROVED", "UNKNOWN"})
"""Meta decides about one that we only heard of."""

WORDS: Final = {
    "PENDING": "Meta has not approved it yet",
    "IN_APPEAL": "Meta has not decided about its appeal yet",
    "REJECTED": "Meta rejected it",
    "PAUSED": "Meta paused it, since people did not like it",
    "DISABLED": "Meta disabled it",
    "LOCKED": "Meta locked it",
    "ARCHIVED": "it is archived at Meta",
    "DELETED": "it was deleted at Meta",
    "PENDING_DELETION": "it is being deleted at Meta",
    "LIMIT_EXCEEDED": "Meta takes no more templates of this account",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the gate is to do with a template message."""

    payload: Mapping[str, Any]
    """What goes: the message itself, or the same values in the template's alternate."""

    is_marketing: bool
    """Meta counts it as marketing, whatever it was meant to be: consent is asked for."""

    refusal: Refusal | None = None
    note: str | None = None
    """Why another template goes."""


def judge(
    connection: Connection, business_id: str, phone_number_id: str, payload: Mapping[str, Any], now: datetime
) -> Judgement:
    """Judge a payload of the type `template`. A template that we know nothing of may go: Meta decides."""
    wanted = payload["template"]
    rows = _known(connection, business_id, phone_number_id, wanted)
    row = rows.get(wanted["name"])
    if row is None or _is_usable(row, now):
        return Judgement(payload=payload, is_marketing=row is not None and row.category == "MARKETING")
    other = rows.get(row.alternate) if row.alternate is not None else None
    why = f"The template {row.name} ({row.language}) may not go: {_words(row)}"
    if other is None or not _is_usable(other, now):
        unusable = f", nor may its alternate {row.alternate}" if row.alternate is not None else ""
        refusal = Refusal(status=Status.SKIPPED, reason=f"{why}{unusable}.")
        return Judgement(payload=payload, is_marketing=row.category == "MARKETING", refusal=refusal)
    return Judgement(
        payload={**payload, "template": {**wanted, "name": other.name}},
        is_marketing=other.category == "MARKETING",
        note=f"{why}; its alternate {other.name} goes instead.",
    )


def _known(
    connection: Connection, business_id: str, phone_number_id: str, wanted: Mapping[str, Any]
) -> dict[str, Row[Any]]:
    """The template's row, and its alternate's, by name."""
    t, alternate = templates.c, templates.alias("wanted").c
    account = (
        sa.select(phone_numbers.c.waba_id).where(phone_numbers.c.phone_number_id == phone_number_id).scalar_subquery()
    )
    is_here = sa.and_(t.business_id == business_id, t.waba_id == account, t.language == wanted["language"]["code"])
    other = (
        sa.select(alternate.alternate)
        .where(
            alternate.business_id == business_id,
            alternate.waba_id == account,
            alternate.name == wanted["name"],
            alternate.language == wanted["language"]["code"],
        )
        .scalar_subquery()
    )
    found: sa.Select[Any] = sa.select(
        t.name, t.language, t.status, t.category, t.reason, t.paused_until, t.alternate
    ).where(is_here, sa.or_(t.name == wanted["name"], t.name == other))
    return {row.name: row for row in connection.execute(found)}


def _is_usable(row: Row[Any], now: datetime) -> bool:
    """A pause whose time is over is Meta's to confirm: the message goes, and its answer tells."""
    is_over = row.status == "PAUSED" and row.paused_until is not None and row.paused_until <= now
    return row.status in USABLE or is_over


def _words(row: Row[Any]) -> str:
    words = WORDS.get(row.status, f"its status at Meta is {row.status}")
    until = f" until about {row.paused_until:%Y-%m-%d %H:%M} UTC" if row.paused_until is not None else ""
    reason = f" ({row.reason})" if row.reason else ""
    return f"{words}{until}{reason}"
