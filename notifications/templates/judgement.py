"""The gate's question about a template message: may this template go now, does another go instead, is it marketing?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Result, Row

from notifications.gate import Refusal
from notifications.status import Status
from notifications.tables import templates
from storage.among import among
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


type Named = tuple[str, str, str]
"""A number of ours, and the name and language of a template."""


class Shelf:
    """What is known of the templates that a batch of messages names, and of their alternates; read at once."""

    def __init__(self, rows: Mapping[Named, Row[Any]]) -> None:
        self._rows = rows

    @classmethod
    def of(cls, connection: Connection, messages: Iterable[tuple[str, Mapping[str, Any]]]) -> "Shelf":
        """For messages of the type `template`, each with the number that it is from."""
        wanted = {_named(phone_number_id, payload["template"]) for phone_number_id, payload in messages}
        rows = _known(connection, wanted)
        alternates = {(number, row.alternate, language) for (number, _, language), row in rows.items() if row.alternate}
        return cls({**rows, **_known(connection, alternates - rows.keys())})

    def judge(self, phone_number_id: str, payload: Mapping[str, Any], now: datetime) -> Judgement:
        """Judge a payload of the type `template`. A template that we know nothing of may go: Meta decides."""
        wanted = payload["template"]
        named = _named(phone_number_id, wanted)
        row = self._rows.get(named)
        if row is None or _is_usable(row, now):
            return Judgement(payload=payload, is_marketing=row is not None and row.category == "MARKETING")
        other = self._rows.get((phone_number_id, row.alternate, named[2])) if row.alternate is not None else None
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


def _named(phone_number_id: str, template: Mapping[str, Any]) -> Named:
    return phone_number_id, template["name"], template["language"]["code"]


def _known(connection: Connection, wanted: Collection[Named]) -> dict[Named, Row[Any]]:
    if not wanted:
        return {}
    asked = {"numbers": {number for number, _, _ in wanted}, "names": {name for _, name, _ in wanted}}
    found: Result[Any] = connection.execute(_KNOWN, asked)
    rows: dict[Named, Row[Any]] = {(row.phone_number_id, row.name, row.language): row for row in found}
    return {named: row for named, row in rows.items() if named in wanted}


_t = templates.c
_KNOWN: Final = (
    sa.select(
        phone_numbers.c.phone_number_id,
        *(_t.name, _t.language, _t.status, _t.category, _t.reason, _t.paused_until, _t.alternate),
    )
    .select_from(phone_numbers)
    .join(templates, (_t.business_id == phone_numbers.c.business_id) & (_t.waba_id == phone_numbers.c.waba_id))
    .where(among(phone_numbers.c.phone_number_id, "numbers"), among(_t.name, "names"))
)


def _is_usable(row: Row[Any], now: datetime) -> bool:
    """A pause whose time is over is Meta's to confirm: the message goes, and its answer tells."""
    is_over = row.status == "PAUSED" and row.paused_until is not None and row.paused_until <= now
    return row.status in USABLE or is_over


def _words(row: Row[Any]) -> str:
    words = WORDS.get(row.status, f"its status at Meta is {row.status}")
    until = f" until about {row.paused_until:%Y-%m-%d %H:%M} UTC" if row.paused_until is not None else ""
    reason = f" ({row.reason})" if row.reason else ""
    return f"{words}{until}{reason}"
