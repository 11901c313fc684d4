"""A message template as an account has it, and its parts as the Graph API spells them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

type Status = Literal["PENDING", "APPROVED", "REJECTED", "PAUSED", "DISABLED"]

VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    id: int
    account_id: str
    name: str
    language: str
    category: str  # UTILITY, MARKETING, AUTHENTICATION
    parameter_format: str  # POSITIONAL, NAMED
    components: Sequence[Mapping[str, Any]]
    status: Status
    reason: str  # why it was rejected; NONE
    quality: str  # GREEN, YELLOW, RED, UNKNOWN
    time_to_live: int | None  # seconds
    from_file: bool

    def component(self, kind: str) -> Mapping[str, Any] | None:
        return component(self.components, kind)

    @property
    def buttons(self) -> Sequence[Mapping[str, Any]]:
        return buttons(self.components)


def component(components: Sequence[Mapping[str, Any]], kind: str) -> Mapping[str, Any] | None:
    """The HEADER, BODY, FOOTER, BUTTONS, CAROUSEL … among them."""
    return next((each for each in components if str(each.get("type", "")).upper() == kind), None)


def buttons(components: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    found = component(components, "BUTTONS")
    listed: Sequence[Mapping[str, Any]] = found["buttons"] if found else ()
    return listed


def variables(text: str) -> list[str]:
    """The names or numbers in the text's double braces, each once, in order."""
    return list(dict.fromkeys(VARIABLE.findall(text)))
