"""How a request names people, and what is said when it does so wrongly."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema

from notifications.triggering import Recipient, TriggerError
from server.api.fields import Asked, Key, Payload, example
from server.api.mending import FieldError
from server.api.problems import Problem

MOST_RECIPIENTS: Final = 100
"""Of one request, as Novu has it; topics reach more."""


class Person(Asked):
    """Somebody, by any of their names: several names are one person. What is told of them is kept."""

    model_config = example({"id": "customer-7", "phone": "+242061234567", "name": "Grâce Mabiala", "locale": "fr"})

    id: Annotated[Key | None, Field(description="How your system calls them")] = None
    subscriber_id: Annotated[UUID | None, Field(description="How Relais does")] = None
    phone: Annotated[Key | None, Field(description="+242061234567, or as one dials it there")] = None
    whatsapp: Annotated[Key | None, Field(description="Their WhatsApp number, where it is another")] = None
    email: Key | None = None
    name: Key | None = None
    locale: Annotated[Key | None, Field(description="fr or en; a language they chose in the chat stays theirs")] = None
    timezone: Annotated[Key | None, Field(description="Such as Africa/Brazzaville")] = None
    attributes: Annotated[Payload | None, Field(description="Anything, for contents and conditions")] = None


def _person(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


def _people(value: Any) -> Any:
    return [_person(each) for each in value] if isinstance(value, list) else [_person(value)]


_NAMED: Final[dict[str, Any]] = {
    "anyOf": [{"type": "string", "description": "Your id of them"}, {"$ref": "#/components/schemas/Person"}]
}

One = Annotated[Person, BeforeValidator(_person), WithJsonSchema(_NAMED)]
"""A person, or only their id."""

Several = Annotated[
    list[Person],
    BeforeValidator(_people),
    Field(min_length=1, max_length=MOST_RECIPIENTS),
    WithJsonSchema({"anyOf": [*_NAMED["anyOf"], {"type": "array", "items": _NAMED, "maxItems": MOST_RECIPIENTS}]}),
]
"""People, or one of them alone."""

MOST_MEMBERS: Final = 500
"""Of one request."""

Many = Annotated[
    list[Person],
    BeforeValidator(_people),
    Field(min_length=1, max_length=MOST_MEMBERS),
    WithJsonSchema({"type": "array", "items": _NAMED, "maxItems": MOST_MEMBERS}),
]
"""The members of a topic."""


def recipient_of(person: Person) -> Recipient:
    """As triggering knows them."""
    named = person.model_dump(exclude={"subscriber_id"})
    return Recipient(**named, subscriber_id=str(person.subscriber_id) if person.subscriber_id else None)


def field_errors_of(error: TriggerError, index: int | None = None) -> list[FieldError]:
    """What is wrong with a trigger, field by field; `index` of its recipient among several."""
    return [_field_error(each.field, each.problem, index) for each in error.problems]


def refused(errors: Sequence[FieldError]) -> Problem:
    """The request is refused for these."""
    first = errors[0]
    return Problem("invalid-request", f"{first.field} {first.problem}.", errors=errors)


def _field_error(field: str, problem: str, index: int | None) -> FieldError:
    what, _, mend = problem.partition("; ")
    if index is not None and field.startswith("to."):
        field = f"to[{index}].{field.removeprefix('to.')}"
    return FieldError(field=field, problem=what, mend=f"{mend[:1].upper()}{mend[1:]}." if mend else "See /api/docs.")
