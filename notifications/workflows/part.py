"""A part of a workflow's file, read member by member; what is wrong is named by its path and with a remedy."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from notifications.workflows.duration import read_duration
from notifications.workflows.errors import BadWorkflow


class Part:
    """One mapping of the file and the path that leads to it. `done` refuses members that nobody read."""

    __slots__ = ("_members", "_path", "_read", "source")

    def __init__(self, value: object, source: str, path: str = "") -> None:
        self.source = source
        self._path = path
        self._read: list[str] = []
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            raise BadWorkflow(source, path, "is not a mapping of names", "Write it as lines such as name: value")
        self._members: Mapping[str, Any] = value

    def __contains__(self, name: str) -> bool:
        return self._members.get(name) is not None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its members."""
        return tuple(self._members)

    def path(self, name: str) -> str:
        """Where a member stands."""
        return f"{self._path}.{name}" if self._path else name

    def wrong(self, name: str, problem: str, remedy: str) -> BadWorkflow:
        """The error about a member, or about this part itself where `name` is empty."""
        return BadWorkflow(self.source, self.path(name) if name else self._path, problem, remedy)

    def take(self, name: str) -> Any:
        """A member of any shape; None where it is not there."""
        self._read.append(name)
        return self._members.get(name)

    def text(self, name: str) -> str:
        """A text that has to be there."""
        found = self.optional_text(name)
        if found is None:
            raise self.wrong(name, "is missing", f"Add {name}: with a text")
        return found

    def optional_text(self, name: str) -> str | None:
        """A text, or None. Numbers that YAML took for such are refused: 042 would be 34."""
        value = self.take(name)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.wrong(name, "is not a text", "Put it into quotes, or leave it out")
        return value

    def choice(self, name: str, known: Sequence[str], default: str | None = None) -> Any:
        """One of the words that are known."""
        value = self.take(name)
        if value is None and default is not None:
            return default
        if value not in known:
            problem = "is missing" if value is None else f"is {value!r}, which is not known"
            raise self.wrong(name, problem, f"Choose one of {', '.join(known)}")
        return value

    def number(self, name: str, least: int = 0) -> int | None:
        """A whole number, or None."""
        value = self.take(name)
        if value is not None and (type(value) is not int or value < least):
            raise self.wrong(name, f"is not a whole number from {least} on", "Write it in digits, without quotes")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        value = self.take(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(name, "is neither true nor false", "Write true or false, without quotes")
        return default if value is None else value

    def duration(self, name: str) -> timedelta | None:
        """A length of time, or None."""
        value = self.take(name)
        if value is None:
            return None
        try:
            return read_duration(value if isinstance(value, str) else "")
        except ValueError as error:
            raise self.wrong(name, str(error), "Write for instance 15m") from None

    def nested(self, name: str) -> "Part":
        """A part that has to be there."""
        if name not in self:
            self._read.append(name)
            raise self.wrong(name, "is missing", f"Add {name}: with its members below it")
        return Part(self.take(name), self.source, self.path(name))

    def optional(self, name: str) -> "Part | None":
        """A part, or None."""
        return self.nested(name) if name in self else None

    def items(self, name: str) -> list[Any]:
        """A list; an empty one where it is not there."""
        value = self.take(name)
        if value is not None and not isinstance(value, list):
            raise self.wrong(name, "is not a list", "Begin each of its lines with a dash")
        return value or []

    def each(self, name: str) -> Iterator["Part"]:
        """The parts of a list."""
        for index, item in enumerate(self.items(name)):
            yield Part(item, self.source, f"{self.path(name)}.{index}")

    def done(self) -> None:
        """Refuse what nobody read."""
        for name in self._members:
            if name not in self._read:
                meant = difflib.get_close_matches(name, self._read, n=1)
                known = ", ".join(dict.fromkeys(self._read))
                remedy = f"Did you mean {meant[0]}" if meant else f"Known here are {known}"
                raise self.wrong(name, "is not known", remedy)
