"""What of a talk becomes a test: each message of the person, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One message that was sent."""

    payload: Mapping[str, Any] = field(repr=False)
    origin: str
    """bot, service, human or push."""
    workflow: str | None = None
    is_varied: bool = False
    """Whether another wording of it is said as often: its words are no test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A message of the person, and what was sent before their next one."""

    id: str
    number: int
    """Which of the person's messages this is in the talk, from 1."""
    kind: str
    raw: Mapping[str, Any] = field(repr=False)
    sent_at: datetime
    transcript: str | None = field(default=None, repr=False)
    """What was understood of a voice note."""
    quoted: str | None = field(default=None, repr=False)
    """Words of the message of ours that it quotes."""
    answers: Sequence[Answer] = ()
    events: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    """Rasa's, of its turn."""
    status: str | None = None
    """Of its turn; None where nobody was to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Where it was, whose it was, and the part of it that becomes a test."""

    id: str
    business: str
    """Its slug."""
    phone: str | None = field(repr=False)
    """E.164"""
    name: str | None = field(repr=False)
    language: str
    exchanges: Sequence[Exchange]
    total: int
    """Messages of the person in the whole talk."""
