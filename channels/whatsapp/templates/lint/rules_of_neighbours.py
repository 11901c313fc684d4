"""Rules that compare a template with the others: no twins, and an alternate that can take its place."""

import re
from collections.abc import Iterator, Sequence

from channels.whatsapp.templates.creating import components
from channels.whatsapp.templates.definition import Definition
from channels.whatsapp.templates.lint.finding import Finding, error
from channels.whatsapp.templates.variables import VARIABLE


def rules_of_neighbours(definition: Definition, others: Sequence[Definition]) -> Iterator[Finding]:
    same_language = [each for each in others if each.language == definition.language]
    twins = [each.name for each in same_language if _essence(each) == _essence(definition) and each.body]
    if twins:
        remedy = "Meta refuses twins: send that one, or say something else"
        yield error("body_duplicate", "body", f"is the same as that of {twins[0]}", remedy)
    if definition.alternate is not None:
        yield from _alternate(definition, same_language)


def _alternate(definition: Definition, others: Sequence[Definition]) -> Iterator[Finding]:
    found = next((each for each in others if each.name == definition.alternate), None)
    if found is None:
        remedy = f"Name another template that exists in {definition.language}"
        yield error("alternate_missing", "alternate", "names no other template in this language", remedy)
    elif not takes_the_same(definition, found):
        remedy = "Let both have the same variables, in the same order, and the same kinds of header and buttons"
        yield error("alternate_unlike", "alternate", "does not take the same values", remedy)


def takes_the_same(one: Definition, other: Definition) -> bool:
    """Whether a message made for one fits the other as it is."""
    return _slots(one) == _slots(other)


def _slots(definition: Definition) -> object:
    header = None if definition.header is None else definition.header.type
    buttons = [(button.type, _variables_of(button)) for button in definition.buttons]
    # Without variables in it, a text header takes nothing.
    takes_header = header if header != "text" or definition.header_variables else None
    body = definition.body_variables if definition.format == "positional" else frozenset(definition.body_variables)
    filled = [each for each in enumerate(buttons) if each[1][1] or each[1][0] not in ("url", "phone_number")]
    return definition.format, takes_header, definition.header_variables, body, filled


def _variables_of(button: object) -> bool:
    return bool(VARIABLE.search(str(getattr(button, "url", "")) + str(getattr(button, "code", ""))))


def _essence(definition: Definition) -> object:
    """What it says, whatever its variables are called."""
    body = next((each for each in components(definition) if each["type"] == "BODY"), {})
    return re.sub(r"\s+", " ", VARIABLE.sub("{{}}", str(body.get("text", "")))).strip().casefold()
