"""What the caller gives the renderer: who issues ids, and words in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from channels.whatsapp.cutting import Cuts


class Issuer(Protocol):
    """Gives out what a button or a row carries on the wire, another id at each call."""

    def reply(self, payload: str, title: str) -> str:
        """For an option: its payload, and its whole title."""

    def page(self, rest: Mapping[str, Any], title: str) -> str:
        """For the row that shows more: `rest` is a response with the options that found no room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """`more` shows the next page; `choose` opens a list, and stands above options that come without a text."""

    more: str
    choose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    issuer: Issuer
    labels: Labels
    cuts: Cuts
