"""The outside of a webhook body: from bytes to its changes, each able to stand alone as a body again.

BadWebhook          the body is not JSON, or not a WhatsApp webhook at all
"""

import json
import math
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from channels.whatsapp.json_object import text_or_none

OBJECT: Final = "whatsapp_business_account"

REPLACEMENT: Final = "\ufffd"
"""Stands for what no database stores as text: NUL, and half an emoji where Meta cut a name in its middle."""


class BadWebhook(ValueError):
    """Not JSON, or not a WhatsApp webhook; its message never quotes the body."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Change:
    """One change, and the entry and body it came in."""

    document: dict[str, Any]
    entry: dict[str, Any]
    members: dict[str, Any]

    @property
    def value(self) -> dict[str, Any]:
        value = self.members.get("value")
        return value if isinstance(value, dict) else {}

    @property
    def phone_number_id(self) -> str | None:
        return text_or_none(self.value.get("metadata"), "phone_number_id")

    @property
    def waba_id(self) -> str | None:
        return text_or_none(self.entry, "id")

    def alone(self, value: dict[str, Any]) -> dict[str, Any]:
        """A body with this change only, holding `value`."""
        return alone(self.document, self.entry, {**self.members, "value": value})


def alone(document: dict[str, Any], entry: dict[str, Any], change: Any) -> dict[str, Any]:
    return {**document, "entry": [{**entry, "changes": [change]}]}


def decode(body: bytes) -> dict[str, Any]:
    try:
        document = _storable(json.loads(body, parse_float=_finite, parse_constant=_refuse))
    except (ValueError, RecursionError):
        # Without its cause, which would carry the body into a traceback.
        raise BadWebhook("the body is not JSON") from None
    if not isinstance(document, dict) or document.get("object") != OBJECT:
        raise BadWebhook(f"the body is not an object of {OBJECT}")
    return document


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _storable_text(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable_text(name): _storable(member) for name, member in value.items()}
    return value


def _storable_text(text: str) -> str:
    text = text.replace("\x00", REPLACEMENT)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
