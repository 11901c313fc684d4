"""The outside of a webhook body: from bytes to its changes, each able to stand alone as a body again.

BadWebhook          the body is not JSON, or not a WhatsApp webhook at all
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from channels.json_text import read_json
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.reading.moments import moment_or_none
from channels.whatsapp.received import OtherChange, Unreadable

OBJECT: Final = "whatsapp_business_account"


class BadWebhook(ValueError):
    """Not JSON, or not a WhatsApp webhook; its message never quotes the body."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Change:
    """One change, and the entry and body it came in."""

    document: dict[str, Any]
    entry: dict[str, Any]
    members: dict[str, Any]
    field: str  # empty where it has none
    value: dict[str, Any]
    phone_number_id: str | None
    waba_id: str | None
    at: datetime | None

    def holding(self, value: dict[str, Any]) -> dict[str, Any]:
        """The change with `value` in place of its own."""
        return {**self.members, "value": value}

    def news(self, raw: dict[str, Any] | None = None) -> dict[str, Any]:
        """What every News says of the change it came in; of which `raw` is the part it is about."""
        return {
            "field": self.field,
            "phone_number_id": self.phone_number_id,
            "waba_id": self.waba_id,
            "at": self.at,
            "raw": self.members if raw is None else raw,
        }

    def other(self, raw: dict[str, Any] | None = None) -> OtherChange:
        return OtherChange(**self.news(raw))

    def unreadable(self, raw: Any, problem: str) -> Unreadable:
        """Of this change or a part of it, as a body of its own."""
        return Unreadable(
            phone_number_id=self.phone_number_id,
            waba_id=self.waba_id,
            raw=_alone(self.document, self.entry, raw),
            problem=problem,
        )


def decode(body: bytes) -> dict[str, Any]:
    try:
        document = read_json(body)
    except ValueError:
        # Without its cause, which would carry the body into a traceback.
        raise BadWebhook("the body is not JSON") from None
    if not isinstance(document, dict) or document.get("object") != OBJECT:
        raise BadWebhook(f"the body is not an object of {OBJECT}")
    return document


def changes(document: dict[str, Any]) -> Iterator[Change | Unreadable]:
    """Every change of every entry; what is none as a body of its own."""
    entries = document.get("entry")
    if not isinstance(entries, list):
        yield Unreadable(phone_number_id=None, raw=document, problem="entry is not a list")
        return
    for entry in entries:
        yield from _of_entry(document, entry)


def _of_entry(document: dict[str, Any], entry: Any) -> Iterator[Change | Unreadable]:
    members = entry.get("changes") if isinstance(entry, dict) else None
    if not isinstance(members, list):
        raw = {**document, "entry": [entry]}
        yield Unreadable(phone_number_id=None, raw=raw, problem="entry.changes is not a list")
        return
    for raw in members:
        change = _change(document, entry, raw if isinstance(raw, dict) else {})
        yield change if change.field else change.unreadable(raw, "change.field is missing or not a string")


def _change(document: dict[str, Any], entry: dict[str, Any], members: dict[str, Any]) -> Change:
    field, value, around = members.get("field"), members.get("value"), JsonObject(entry)
    value = value if isinstance(value, dict) else {}
    return Change(
        document=document,
        entry=entry,
        members=members,
        field=field if isinstance(field, str) else "",
        value=value,
        phone_number_id=JsonObject(value).part("metadata").text("phone_number_id"),
        waba_id=around.text("id"),
        at=moment_or_none(around, "time"),
    )


def _alone(document: dict[str, Any], entry: dict[str, Any], change: Any) -> dict[str, Any]:
    return {**document, "entry": [{**entry, "changes": [change]}]}
