"""What a workflow needs to know: the fields of its payload, and everything that is wrong with one."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from trade.money import LARGEST_AMOUNT
from trade.phones import digits

type Kind = Literal["text", "number", "flag", "money", "moment", "date", "phone", "url", "object", "list"]

KINDS: Final = ("text", "number", "flag", "money", "moment", "date", "phone", "url", "object", "list")

DEFAULT_LONGEST: Final = 200
"""UTF-16 units that a text is shortened to where its field names no other measure. Our choice: a line of prose."""

MOST_ITEMS: Final = 500
"""of one list. Our choice: what nobody reads, nobody sends."""

_CURRENCY: Final = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; `fields` are those of an object, `items` describes those of a list."""

    kind: Kind
    required: bool = True
    example: Any = None
    longest: int = DEFAULT_LONGEST
    fields: Mapping[str, "Field"] = field(default_factory=dict)
    items: "Field | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The fields of a payload by name. Other members are allowed and never shown."""

    fields: Mapping[str, Field]

    def example(self, *, with_optional: bool = True) -> dict[str, Any]:
        """A payload made of the examples."""
        return _examples(self.fields, with_optional=with_optional)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a payload. It never repeats what the payload holds."""

    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.field} {self.problem}."


def problems(schema: Schema, payload: object) -> list[Problem]:
    """Everything that is wrong, each by its field; an empty list where it can be used."""
    if not isinstance(payload, Mapping):
        return [Problem(field="payload", problem="is not an object")]
    return list(_in_object("payload", schema.fields, payload))


def _in_object(path: str, fields: Mapping[str, Field], values: Mapping[str, Any]) -> Iterator[Problem]:
    for name, wanted in fields.items():
        value = values.get(name)
        if value is not None:
            yield from _in_field(f"{path}.{name}", wanted, value)
        elif wanted.required:
            yield Problem(field=f"{path}.{name}", problem=f"is missing; it is {_ARTICLES[wanted.kind]}")
    absent = [name for name in fields if name not in values]
    for name in values:
        # Events carry more than a workflow shows, so only what looks like a slip of the pen is a problem.
        meant = [] if name in fields else difflib.get_close_matches(str(name), absent, n=1, cutoff=0.8)
        if meant:
            yield Problem(field=f"{path}.{name}", problem=f"is not known; did you mean {meant[0]}")


def _in_field(path: str, wanted: Field, value: Any) -> Iterator[Problem]:
    match wanted.kind:
        case "object" if isinstance(value, Mapping):
            yield from _in_object(path, wanted.fields, value)
        case "list" if isinstance(value, list | tuple) and wanted.items is not None:
            if len(value) > MOST_ITEMS:
                yield Problem(field=path, problem=f"holds {len(value)} items; at most {MOST_ITEMS} are allowed")
            for index, item in enumerate(value[:MOST_ITEMS]):
                yield from _in_field(f"{path}.{index}", wanted.items, item)
        case kind if not _is(kind, value):
            yield Problem(field=path, problem=f"is not {_ARTICLES[kind]}")


_ARTICLES: Final[Mapping[Kind, str]] = {
    "text": "a text that says something",
    "number": "a number",
    "flag": "true or false",
    "money": 'a sum such as {"amount": "2500", "currency": "XAF"}',
    "moment": "a moment with its offset, such as 2026-01-27T14:30:00+01:00",
    "date": "a day such as 2026-01-27",
    "phone": "an international number such as +242061234567",
    "url": "an address that begins with https://",
    "object": "an object",
    "list": "a list",
}


def _is(kind: Kind, value: Any) -> bool:
    match kind:
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "number":
            return not isinstance(value, bool) and isinstance(value, int | float | Decimal) and _is_amount(value)
        case "flag":
            return isinstance(value, bool)
        case "money":
            return isinstance(value, Mapping) and _is_money(value)
        case "phone":
            return isinstance(value, str) and bool(digits(value))
        case "url":
            return isinstance(value, str) and _is_url(value)
        case "moment" | "date":
            return isinstance(value, str) and _is_time(kind, value)
        case _:
            return False


def _is_money(value: Mapping[str, Any]) -> bool:
    currency, amount = value.get("currency"), value.get("amount")
    return isinstance(currency, str) and bool(_CURRENCY.fullmatch(currency)) and _is_amount(amount)


def _is_amount(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return False
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return False
    return amount.is_finite() and abs(amount) <= LARGEST_AMOUNT


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, value))
    except ValueError:
        return False


def _is_time(kind: Kind, value: str) -> bool:
    try:
        if kind == "date":
            date.fromisoformat(value)
            return True
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _examples(fields: Mapping[str, Field], *, with_optional: bool) -> dict[str, Any]:
    return {
        name: _example(each, with_optional=with_optional)
        for name, each in fields.items()
        if each.required or with_optional
    }


def _example(wanted: Field, *, with_optional: bool) -> Any:
    match wanted:
        case Field(kind="object"):
            return _examples(wanted.fields, with_optional=with_optional)
        case Field(kind="list", items=Field() as items):
            return [_example(items, with_optional=with_optional)]
        case _:
            return wanted.example
