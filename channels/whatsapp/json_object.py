"""A JSON object read member by member; what has the wrong shape is named by its path, never by its value.

Values may hold what a person wrote or a phone number, so no problem repeats one.
"""

import math
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

MOST_DIGITS: Final = 20
"""Of a numeral: more than any timestamp has, and few enough to compute with."""

_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")


class WrongShape(ValueError):
    """A member is missing, has the wrong type, or is not known here."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path} {problem}")
        self.path = path
        self.problem = problem


class JsonObject:
    """One object of a JSON document and the path that leads to it."""

    __slots__ = ("_children", "_members", "_path", "_read")

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

    def decimal(self, name: str) -> Decimal:
        """A finite number, whether written as a number or as a string, with the digits it was written with."""
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise WrongShape(self.path(name), "is not a number")
        try:
            number = Decimal(str(value))
        except (InvalidOperation, ValueError):
            raise WrongShape(self.path(name), "is not a number") from None
        if not number.is_finite():
            raise WrongShape(self.path(name), "is not a finite number")
        return number

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

    # What stands beside the point: absent or odd, it does not break the object it stands in.

    def text(self, name: str) -> str | None:
        """A string, or the digits of a whole number; an empty one is none."""
        try:
            return self.optional_identifier(name)
        except WrongShape:
            return None

    def whole(self, name: str) -> int | None:
        """A whole number, also a negative one, whether written as a number or as a string."""
        text = self.text(name)
        return int(text) if text is not None and _WHOLE.fullmatch(text) else None

    def truth(self, name: str) -> bool | None:
        value = self._take(name)
        return value if isinstance(value, bool) else None

    def part_or_none(self, name: str) -> "JsonObject | None":
        value = self._take(name)
        return self._child(value, self.path(name)) if isinstance(value, Mapping) else None

    def part(self, name: str) -> "JsonObject":
        """An object; an empty one in place of anything else."""
        return self.part_or_none(name) or self._child({}, self.path(name))

    def parts(self, name: str) -> "list[JsonObject]":
        """The objects of a list; anything else is left out."""
        value = self._take(name)
        items = value if isinstance(value, list | tuple) else ()
        return [
            self._child(item, f"{self.path(name)}[{index}]")
            for index, item in enumerate(items)
            if isinstance(item, Mapping)
        ]

    def constant(self, name: str, expected: str) -> None:
        if self.string(name) != expected:
            raise WrongShape(self.path(name), f"is not {expected}")

    def ignore(self, *names: str) -> None:
        """Members that say nothing here."""
        self._read.update(names)

    def ignore_the_rest(self) -> None:
        self._read.update(str(name) for name in self._members)

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
    if type(value) is dict and type(member := value.get(name)) is str:
        return member or None  # as nearly all of them are
    try:
        return JsonObject(value).optional_identifier(name)
    except WrongShape:
        return None
