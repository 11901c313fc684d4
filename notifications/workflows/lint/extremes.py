"""Payloads at both ends of what is plausible: what reads well with these, reads well with anything between."""

from typing import Any, Final

from notifications.workflows.anchor import read_anchor
from notifications.workflows.schema import Field, Schema
from notifications.workflows.values import NAME_LIMIT, BusinessFacts, Person

LONG_LIST: Final = 12
"""items; a large order. Our choice."""

_WORDS: Final = "Boulangerie Pâtisserie de l'Avenue de la Libération "
_LONGEST: Final[dict[str, Any]] = {
    "number": 9999,
    "flag": True,
    "money": {"amount": "9999999", "currency": "XAF"},
    "moment": "2026-09-23T23:59:00+00:00",  # a Wednesday in September: long words in both languages
    "date": "2026-09-23",
    "phone": "+243812345678",
    "url": "https://suivi.les-messageries-reunies.example.com/t/AbCdEfGhIjKlMnOpQrStUv",
}

LONG_MOMENT: Final = read_anchor({"starts_at": _LONGEST["moment"], "timezone": "Africa/Brazzaville"})

NOBODY: Final = Person(timezone="Africa/Brazzaville")
SOMEBODY: Final = Person(
    first_name=_WORDS[:NAME_LIMIT].strip(), name=(_WORDS * 2)[:NAME_LIMIT], timezone="Africa/Brazzaville"
)
SMALL_BUSINESS: Final = BusinessFacts(name="A", currency="XAF", timezone="Africa/Brazzaville")
LARGE_BUSINESS: Final = BusinessFacts(
    name="Les Messageries Réunies du Grand Brazzaville",
    currency="XAF",
    timezone="Africa/Brazzaville",
    support_number="+242065000001",
)


def shortest(schema: Schema) -> dict[str, Any]:
    """Only what has to be there."""
    return schema.example(with_optional=False)


def longest(schema: Schema) -> dict[str, Any]:
    """Everything, as long as it may be."""
    return {name: _longest(field) for name, field in schema.fields.items()}


def _longest(field: Field) -> Any:
    match field:
        case Field(kind="text"):
            return (_WORDS * (field.longest // len(_WORDS) + 1))[: field.longest].strip()
        case Field(kind="object"):
            return {name: _longest(each) for name, each in field.fields.items()}
        case Field(kind="list", items=Field() as items):
            return [_longest(items)] * LONG_LIST
        case _:
            return _LONGEST[field.kind]
