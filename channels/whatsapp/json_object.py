"""A JSON object read member by member; what has the wrong shape is named by its path, never by its value.

Values may hold what a person wrote or a phone number, so no problem repeats one.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

MOST_DIGITS: Final = 20
"""Of a numeral: more than any timestamp has, and few enough to compute with."""


class WrongShape(ValueError):
    """A member is missing, has the wrong type, or is not known here."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path} {problem}")
        self.path = path
        self.problem = problem


class JsonObject:
    """One object of a JSON document and the path that leads to it."""

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, Mapping):
            raise WrongShape(path or "the document", "is not an object")
        self._members: Mapping[str, Any] = value
        self._path = path
        self._read: set[str] = set()
        self._children: list[JsonObject] = []

    def __contains__(self, name: str) -> bool:
        return self._members.get(name) is not None

    def path(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def holds_string(self, name: str) -> bool:
        return isinstance(self._members.get(name), str)

    def string(self, name: str) -> str:
        value = self.optional_string(name)
        if value is None:
            raise WrongShape(self.path(name), "is missing")
        return value

    def optional_string(self, name: str) -> str | None:
        value = self._take(name)
        if value is not None and not isinstance(value, str):
            raise WrongShape(self.path(name), "is not a string")
        return value

    def identifier(self, name: str) -> str:
        value = self.optional_identifier(name)
        if value is None:
            raise WrongShape(self.path(name), "is missing")
        return value

    def optional_identifier(self, name: str) -> str | None:
        """Ids are strings, except where Meta's own samples show them as numbers; an empty one is none."""
        value = self._take(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise WrongShape(self.path(name), "is not an id")
        return value or None

    def number(self, name: str) -> float:
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongShape(self.path(name), "is not a number")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise WrongShape(self.path(name), "is not a finite number")
        return number

    def numeral(self, name: str) -> int:
        """A whole number that is not negative, whether written as a number or as a string of digits."""
        value = self._take(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
            raise WrongShape(self.path(name), "is not a whole number")
        return int(digits)

    def flag(self, name: str) -> bool:
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            raise WrongShape(self.path(name), "is neither true nor false")
        return bool(value)

    def nested(self, name: str) -> "JsonObject":
        value = self._take(name)
        if value is None:
            raise WrongShape(self.path(name), "is missing")
        return self._child(value, self.path(name))

    def optional_nested(self, name: str) -> "JsonObject | None":
        return self.nested(name) if name in self else None

    def mapping(self, name: str) -> Mapping[str, Any] | None:
        """A member that is read elsewhere."""
        value = self._take(name)
        if value is not None and not isinstance(value, Mapping):
            raise WrongShape(self.path(name), "is not an object")
        return value

    def each(self, name: str) -> "list[JsonObject]":
        value = self._take(name)
        if not isinstance(value, list | tuple):
            raise WrongShape(self.path(name), "is not a list")
        return [self._child(item, f"{self.path(name)}[{index}]") for index, item in enumerate(value)]

    def constant(self, name: str, expected: str) -> None:
        if self.string(name) != expected:
            raise WrongShape(self.path(name), f"is not {expected}")

    def refuse_the_rest(self) -> None:
        """Nothing is dropped in silence: a member that nobody asked for, here or below, is an error."""
        unread = [name for name, value in self._members.items() if name not in self._read and value is not None]
        if unread:
            raise WrongShape(self.path(str(unread[0])), "is not known here")
        for child in self._children:
            child.refuse_the_rest()

    def _child(self, value: object, path: str) -> "JsonObject":
        child = JsonObject(value, path)
        self._children.append(child)
        return child

    def _take(self, name: str) -> Any:
        self._read.add(name)
        return self._members.get(name)


def text_or_none(value: object, name: str) -> str | None:
    """A member beside the point: one that is absent or odd does not break the item it stands in."""
    try:
        return JsonObject(value).optional_identifier(name)
    except WrongShape:
        return None
