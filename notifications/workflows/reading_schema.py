"""The payload of a workflow, as its file declares it."""

from typing import Final

from notifications.workflows.part import Part
from notifications.workflows.schema import DEFAULT_LONGEST, KINDS, Field, Schema, problems

MOST_LONGEST: Final = 2000
"""UTF-16 units of one text; half of what WhatsApp takes in a message. Our choice."""


def read_schema(part: Part) -> Schema:
    """The member `payload`; none is a workflow that needs to know nothing."""
    found = part.optional("payload")
    part.take("payload")
    if found is None:
        return Schema(fields={})
    schema = Schema(fields={name: _read_field(found, name) for name in found.names})
    for problem in problems(schema, schema.example()):
        path = f"{problem.field}.example"
        raise part.wrong(path, problem.problem, "Give an example that the workflow would take")
    return schema


def _read_field(owner: Part, name: str) -> Field:
    if not name.isidentifier() or not name.islower():
        raise owner.wrong(name, "is no name for a field", "Use small letters, digits and underscores")
    part = owner.nested(name)
    kind = part.choice("type", KINDS)
    field = Field(
        kind=kind,
        required=part.flag("required", default=True),
        example=part.take("example"),
        longest=_longest(part),
        fields=_fields(part) if kind == "object" else {},
        items=_read_field(part, "items") if kind == "list" else None,
    )
    if field.example is None and kind not in ("object", "list"):
        raise part.wrong("example", "is missing", "Give one: previews and checks are made with it")
    part.done()
    return field


def _fields(part: Part) -> dict[str, Field]:
    found = part.nested("fields")
    return {name: _read_field(found, name) for name in found.names}


def _longest(part: Part) -> int:
    found = part.number("longest", least=1)
    if found is not None and found > MOST_LONGEST:
        raise part.wrong("longest", f"is more than {MOST_LONGEST}", "Nobody reads that much in a notification")
    return DEFAULT_LONGEST if found is None else found
