"""Whether a template or an expression speaks only of names that there are, known before any data come."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Final

import jinja2
from jinja2 import meta, nodes

from notifications.workflows.jinja import CONTEXT, SAY_ANCHOR, compiled, compiled_expression, environment
from notifications.workflows.schema import Field, Schema

_TOO_MUCH: Final = (RecursionError, SyntaxError, ValueError, OverflowError, MemoryError)
"""What Python's own compiler says to the code that Jinja makes of an outlandish text."""


class BadTemplate(ValueError):
    """A text that is no template, or speaks of what there is not; its words say what is wrong."""


def check_template(text: str, schema: Schema) -> None:
    """Raises BadTemplate."""
    try:
        compiled(text)
        tree = environment(False).parse(text)
    except jinja2.TemplateSyntaxError as error:
        raise BadTemplate(f"is no template: {error.message} (line {error.lineno} of the text)") from None
    except _TOO_MUCH:
        raise BadTemplate("is no template: it is nested too deeply, or holds too large a number") from None
    _check(tree, schema)


def check_expression(text: str, schema: Schema) -> None:
    """Raises BadTemplate."""
    try:
        compiled_expression(text)
        tree = environment(False).parse("{{ (" + text + ") }}")
    except jinja2.TemplateSyntaxError as error:
        raise BadTemplate(f"is no expression: {error.message}") from None
    except _TOO_MUCH:
        raise BadTemplate("is no expression: it is nested too deeply, or holds too large a number") from None
    _check(tree, schema)


def _check(tree: nodes.Template, schema: Schema) -> None:
    known = CONTEXT | environment(False).globals.keys()
    for name in sorted(meta.find_undeclared_variables(tree)):
        if name not in known:
            raise BadTemplate(f"speaks of {name}, which is not known{_meant(name, known)}")
    for chain in _chains(tree):
        if chain[0] == "payload":
            _check_path(chain[1:], schema.fields, "payload")
        elif chain[0] == "anchor":
            raise BadTemplate(f"speaks of {'.'.join(chain)}, but {SAY_ANCHOR}")
        elif chain[0] in _OTHERS:
            _check_path(chain[1:2], _OTHERS[chain[0]], chain[0])


_OTHERS: Mapping[str, Mapping[str, Field]] = {
    "person": {name: Field(kind="text") for name in ("first_name", "name", "locale")},
    "business": {name: Field(kind="text") for name in ("name", "currency", "support_number")},
}


def _chains(tree: nodes.Template) -> Iterable[tuple[str, ...]]:
    """Every dotted name, such as ("payload", "courier", "name")."""
    for node in tree.find_all(nodes.Getattr):
        names: list[str] = []
        inner: nodes.Node = node
        while isinstance(inner, nodes.Getattr):
            names.append(inner.attr)
            inner = inner.node
        if isinstance(inner, nodes.Name):
            yield (inner.name, *reversed(names))


def _check_path(path: tuple[str, ...], fields: Mapping[str, Field], owner: str) -> None:
    for name in path:
        if name not in fields:
            raise BadTemplate(f"speaks of {owner}.{name}, which is not known{_meant(name, fields)}")
        owner, found = f"{owner}.{name}", fields[name]
        if found.kind != "object":
            return
        fields = found.fields


def _meant(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""
