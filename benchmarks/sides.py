"""What a measurement needs of either side: somebody who writes, a way to ask, and what came back when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import psutil


class RunInvalid(Exception):
    """Something was lost, doubled or wrong: the run proves nothing and its numbers are thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who writes to the business and owns one delivery."""

    phone: str  # E.164
    name: str
    code: str

    @property
    def wa_id(self) -> str:
        """The number as WhatsApp writes it."""
        return self.phone.removeprefix("+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One message and its answer, by the clock of the measuring process."""

    asked_at: float
    answered_at: float
    text: str

    @property
    def seconds(self) -> float:
        """What the person waited."""
        return self.answered_at - self.asked_at


class Side(Protocol):
    """Ours or the peer, running."""

    async def introduce(self, people: Sequence[Person]) -> None:
        """Open a conversation with each of them, in French; nothing of it is timed."""
        ...

    async def ask(self, person: Person, text: str) -> Answered:
        """Say something and wait for the one answer. Raises RunInvalid."""
        ...

    async def confirm(self) -> None:
        """Look for answers that nobody asked for. Raises RunInvalid."""
        ...

    def processes(self) -> Mapping[str, psutil.Process]:
        """Every process that works for an answer, by name; its children count with it."""
        ...
