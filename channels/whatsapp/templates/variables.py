"""The variables of a template's text: `{{first_name}}` in our files, `{{1}}` where Meta numbers them."""

import re
from collections.abc import Callable, Mapping
from typing import Final

VARIABLE: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}")

NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
"""What a variable may be called; Meta allows small letters, digits and underscores."""


def names_in(text: str) -> tuple[str, ...]:
    """The names in order of their first appearance, each once."""
    return tuple(dict.fromkeys(VARIABLE.findall(text)))


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with every variable replaced. Raises KeyError for one without a value."""
    return VARIABLE.sub(lambda found: values[found[1]], text)


def rename(text: str, new_name: Callable[[str], str]) -> str:
    """The text with its variables called otherwise."""
    return VARIABLE.sub(lambda found: "{{" + new_name(found[1]) + "}}", text)


def numbered(text: str) -> str:
    """The text with its variables numbered from 1 on, in order of their first appearance."""
    order = names_in(text)
    return rename(text, lambda name: str(order.index(name) + 1))
