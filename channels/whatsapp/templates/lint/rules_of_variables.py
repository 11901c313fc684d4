"""Rules of variables: where they may stand, how many there may be, and what an example must be."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from channels.whatsapp.templates.definition import CODE, Definition
from channels.whatsapp.templates.lint.finding import Finding, error, warning
from channels.whatsapp.templates.variables import NAME, VARIABLE, names_in

MOST_HEADER_VARIABLES: Final = 1
"""pywa, Meta's guide"""

MOST_VARIABLES: Final = 5
"""More are allowed, and reviewers like them less: too little of the text is theirs to review. Our choice."""

WORDS_PER_VARIABLE: Final = 2
"""A body needs more than twice as many words as variables (2388293); reported, Meta does not publish the figure."""

_BRACES: Final = re.compile(r"\{\{|\}\}")


def rules_of_variables(definition: Definition) -> Iterator[Finding]:
    yield from _names(definition)
    yield from _places(definition)
    yield from _counts(definition)
    yield from _examples(definition)


def _names(definition: Definition) -> Iterator[Finding]:
    for field, text in definition.texts():
        if _BRACES.search(VARIABLE.sub("", text)):
            remedy = "Write a variable as {{first_name}}: two braces, one word"
            yield error("variable_form", field, "holds braces that are no variable", remedy)
        if names_in(text) and field not in ("header", "body"):
            yield error("variable_place", field, "holds a variable", "Only header, body and addresses may have one")
    for name in definition.variables:
        if not NAME.fullmatch(name):
            remedy = "Call it with small letters, digits and underscores, such as {{first_name}}"
            yield error("variable_name", "variables", f"holds {{{{{name}}}}}", remedy)


def _places(definition: Definition) -> Iterator[Finding]:
    body = definition.body or ""
    found = list(VARIABLE.finditer(body))
    if not found:
        return
    before, after = body[: found[0].start()], body[found[-1].end() :]
    remedy = "Put words before the first and after the last variable (2388299)"
    if not before.strip() or not after.strip():
        yield error("variable_at_edge", "body", "begins or ends with a variable", remedy)
    elif not re.search(r"\w", before) or not re.search(r"\w", after):
        # Whether a full stop is enough for Meta is unverified.
        yield warning("variable_near_edge", "body", "has only punctuation before or after its variables", remedy)
    between = [body[left.end() : right.start()] for left, right in pairwise(found)]
    if any(not re.search(r"\w", text) for text in between):
        remedy = "Put at least a word between two variables"
        yield error("variables_adjacent", "body", "has two variables beside each other", remedy)


def _counts(definition: Definition) -> Iterator[Finding]:
    if len(definition.header_variables) > MOST_HEADER_VARIABLES:
        yield error("header_variables", "header", "has more than one variable", "Keep one; move the others to the body")
    body = definition.body or ""
    count, words = len(VARIABLE.findall(body)), len(re.findall(r"\w+", VARIABLE.sub(" ", body)))
    if count and words <= WORDS_PER_VARIABLE * count:
        problem = f"has {words} words for {count} variables"
        remedy = f"Write more than {WORDS_PER_VARIABLE * count} words, or use fewer variables (2388293)"
        yield error("variables_ratio", "body", problem, remedy)
    if count > MOST_VARIABLES:
        remedy = f"Keep to {MOST_VARIABLES}: reviewers want to see what the message says"
        yield warning("variables_many", "body", f"has {count} variables", remedy)


def _examples(definition: Definition) -> Iterator[Finding]:
    asked = definition.variables
    for name in asked:
        example = definition.examples.get(name, "").strip()
        if not example:
            if (definition.category, name) != ("authentication", CODE):
                remedy = f"Add a line such as {name}: Grace under examples"
                yield error("example_missing", f"examples.{name}", "is missing", remedy)
        elif _is_placeholder(name, example):
            remedy = "Give one that a person could really receive; made up, never a customer's own"
            yield error("example_placeholder", f"examples.{name}", "only repeats the variable", remedy)
    for name in definition.examples:
        if name not in asked:
            remedy = "Remove it, or use the variable"
            yield warning("example_unused", f"examples.{name}", "belongs to no variable", remedy)


_PLACEHOLDERS: Final = frozenset({"example", "exemple", "sample", "test", "todo", "xxx", "value", "valeur", "string"})


def _is_placeholder(name: str, example: str) -> bool:
    bare = re.sub(r"[\W_]+", "", example.casefold())
    return bare in _PLACEHOLDERS or bare == re.sub(r"_", "", name.casefold()) or bool(_BRACES.search(example))
