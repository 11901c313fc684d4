"""Says of each wrong field of a request what is wrong and how to mend it, without repeating what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST: Final = 20
"""Fields named in one answer: who has more mistakes than this mends those first."""

MENDS: Final[Mapping[str, str]] = {
    "missing": "Add it.",
    "extra_forbidden": "Remove it, or look at how it is spelled in /api/docs.",
    "string_type": "Send a text in quotes.",
    "string_too_short": "Send at least {min_length} characters.",
    "string_too_long": "Send at most {max_length} characters.",
    "string_pattern_mismatch": "Send something that matches {pattern}.",
    "too_short": "Send at least {min_length}.",
    "too_long": "Send at most {max_length}.",
    "list_type": "Send a list, such as [ … ].",
    "dict_type": "Send an object, such as { … }.",
    "model_type": "Send an object, such as { … }.",
    "model_attributes_type": "Send an object, such as { … }.",
    "bool_type": "Send true or false.",
    "bool_parsing": "Send true or false.",
    "int_type": "Send a whole number.",
    "int_parsing": "Send a whole number.",
    "int_from_float": "Send a whole number.",
    "greater_than_equal": "Send {ge} or more.",
    "less_than_equal": "Send {le} or less.",
    "literal_error": "Send one of {expected}.",
    "enum": "Send one of {expected}.",
    "uuid_parsing": "Send an id as the API gave it, such as 0190163d-8694-739b-aea5-966c26f8ad91.",
    "uuid_type": "Send an id as the API gave it, such as 0190163d-8694-739b-aea5-966c26f8ad91.",
    "datetime_parsing": "Send a moment with its offset, such as 2026-12-01T10:00:00+01:00.",
    "datetime_from_date_parsing": "Send a moment with its offset, such as 2026-12-01T10:00:00+01:00.",
    "datetime_type": "Send a moment with its offset, such as 2026-12-01T10:00:00+01:00.",
    "timezone_aware": "Send a moment with its offset, such as 2026-12-01T10:00:00+01:00.",
}
"""By pydantic's kind of error; {names} come from its context. A `ValueError` of ours says both in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """A field of a request and what to do about it."""

    field: str
    """Where it is, such as to[0].phone; of the query or a header, `query.limit`."""
    problem: str
    mend: str


def field_errors(found: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Pydantic's errors in our words, the first of them."""
    return [_field_error(each) for each in found[:MOST]]


def _field_error(error: Mapping[str, Any]) -> FieldError:
    kind, context = str(error["type"]), error.get("ctx") or {}
    message = str(error["msg"])
    if kind == "value_error":
        # Ours: "what is wrong; how to mend it".
        problem, _, mend = str(context.get("error", message)).partition("; ")
        return FieldError(field=_place(error["loc"]), problem=problem, mend=mend or "See /api/docs.")
    mend = MENDS.get(kind, "See /api/docs for what it takes.").format_map(_Known(context))
    return FieldError(field=_place(error["loc"]), problem=message[:1].lower() + message[1:], mend=mend)


def _place(location: Sequence[str | int]) -> str:
    where, *path = location
    if where != "body":
        return ".".join(str(part) for part in location)
    named = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:64]}" for part in path)
    return named.removeprefix(".") or "body"


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "what /api/docs says"
