"""A payload made ready for templates: typed by its schema, and safe for the channel it will be read on."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from notifications.workflows.anchor import Anchor
from notifications.workflows.jinja import GLOBALS, Values
from notifications.workflows.schema import Field, Schema
from trade.markup import plain, shorten
from trade.money import Money

type Clean = Callable[[str], str]
"""Makes one line of what somebody typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is told, as a content may know them."""

    first_name: str | None = None
    name: str | None = None
    locale: str = "fr"
    timezone: str = "UTC"  # IANA


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessFacts:
    """Who tells."""

    name: str
    currency: str
    timezone: str  # IANA
    support_number: str | None = None
    default_locale: str = "fr"


NAME_LIMIT = 60
"""UTF-16 units of a name in a greeting. Our choice."""


def for_chat(text: str) -> str:
    """Nothing in it is WhatsApp's markup."""
    return plain(text)


def as_typed(text: str) -> str:
    """One line without what cannot be seen; its signs as they were typed."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(_seen(sign) for sign in text).split())


def _seen(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    return "" if kind in {"Cf", "Cs", "Co"} and sign not in "\u200d\u200c" else sign


def context_of(
    schema: Schema,
    payload: Mapping[str, Any],
    person: Person,
    business: BusinessFacts,
    events: Sequence[Mapping[str, Any]],
    language: str,
    clean: Clean,
    anchor: Anchor | None = None,
) -> dict[str, Any]:
    """What a template sees. Raises ValueError, KeyError or TypeError for a payload with problems."""
    zone = ZoneInfo(person.timezone)
    return {
        **GLOBALS,
        "payload": _object(schema.fields, payload, clean, zone),
        "person": Values(
            first_name=name_of(person.first_name, clean), name=name_of(person.name, clean), locale=person.locale
        ),
        "business": Values(
            name=name_of(business.name, clean), currency=business.currency, support_number=business.support_number
        ),
        "anchor": anchor,
        "events": [_object(schema.fields, each, clean, zone) for each in events],
        "language": language,
        "timezone": person.timezone,
    }


def name_of(name: str | None, clean: Clean) -> str | None:
    """A name as a greeting says it."""
    return shorten(clean(name), NAME_LIMIT) or None if name else None


def _object(fields: Mapping[str, Field], values: Mapping[str, Any], clean: Clean, zone: ZoneInfo) -> Values:
    made = Values()
    for name, wanted in fields.items():
        value = values.get(name)
        if value is not None:
            made[name] = value_of(wanted, value, clean, zone)
        elif wanted.required:
            raise KeyError(name)
        else:
            made[name] = None
    return made


def value_of(wanted: Field, value: Any, clean: Clean, zone: ZoneInfo) -> Any:
    """A value that is there, typed by its field. Raises ValueError, KeyError or TypeError."""
    match wanted.kind:
        case "text" | "phone":
            return shorten(clean(value), wanted.longest)
        case "object":
            return _object(wanted.fields, value, clean, zone)
        case "list" if wanted.items is not None:
            return [value_of(wanted.items, item, clean, zone) for item in value]
        case "money":
            return Money(amount=Decimal(str(value["amount"])), currency=value["currency"])
        case "moment":
            return datetime.fromisoformat(value).astimezone(zone)
        case "date":
            return date.fromisoformat(value)
        case _:
            return value
