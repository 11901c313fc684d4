"""What of an answer tells that it is the right one, and reads the same tomorrow. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from server.desk.talk import bubbles
from server.transcripts.exchange import Answer
from server.transcripts.veil import CODE, Veil

MOST_WORDS: Final = 3
"""Pieces of one message's text that a test asks for."""

MOST_CHOICES: Final = 3
"""Its buttons, or rows of its list."""

LONGEST: Final = 60
"""Characters of a piece."""

_PASSING: Final = re.compile(
    r"\d\s?(?::|h)\s?\d{2}|\b\d+\s?(?:min|km)\b|\d{1,2}/\d{1,2}|https?://|"
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc|jan|feb|mar|apr|may|jun|jul|aug|sep|dec|"
    r"lun|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun|"
    r"janvier|février|avril|juillet|septembre|octobre|novembre|décembre|"
    r"january|february|march|april|june|july|august|september|october|november|december|"
    r"aujourd['’]hui|hier|demain|today|yesterday|tomorrow|il y a|ago|reste|left|ouvert|fermé|open|closed|"
    r"bonjour|bonsoir|good morning|good evening)\b",
    re.IGNORECASE,
)
"""Times, days, stock, doors: another one the next time it is said."""

_REFERENCE: Final = re.compile(r"\b[A-Z]{2}\d{6}\.[\dA-Z]+")
"""As MTN and Airtel write them: MP250127.4417."""

type Expected = str | dict[str, str]


def expected(answers: Sequence[Answer], veil: Veil, at: datetime) -> list[Expected]:
    """What a test asks of these answers: their telling words, what can be chosen, the kind of the last."""
    found: list[Expected] = []
    for answer in answers:
        found += [text for text in _telling(answer, veil, at) if text not in found]
    kinds = [kind_of(answer.payload) for answer in answers]
    return [*found, *({"kind": kind} for kind in dict.fromkeys(kinds))]


def kind_of(payload: Mapping[str, Any]) -> str:
    """What scripts call a message of this kind."""
    kind = str(payload.get("type"))
    if kind != "interactive":
        return kind
    kind = str((payload.get("interactive") or {}).get("type"))
    return {"button": "buttons"}.get(kind, kind)


def is_new_code(text: str, at: datetime) -> bool:
    """Whether a code of that very day stands in it: what is made anew gets another one."""
    return any(f"{at:%Y%m%d}" in code or f"{at:%y%m%d}" in code for code in CODE.findall(text))


def is_paid_with(text: str) -> bool:
    """Whether it holds the reference of a payment, which a backend takes once."""
    return _REFERENCE.search(text) is not None


def _telling(answer: Answer, veil: Veil, at: datetime) -> list[str]:
    bubble = bubbles.said(answer.payload, None)
    stays = [] if answer.is_varied else [piece for piece in _pieces(bubble.text) if _stays(piece, veil, at)]
    # The first line says what it is about; amounts and what is bold come next.
    telling = sorted(stays[1:], key=lambda piece: not re.search(r"\d|\*", piece))
    words = stays[:1] + telling[: MOST_WORDS - 1]
    choices = [choice.title for choice in (*bubble.buttons, *bubble.rows)]
    choices += [choice.title for card in bubble.cards for choice in card.buttons]
    chosen = [title for title in dict.fromkeys(choices) if _stays(title, veil, at, least=2)]
    return list(dict.fromkeys([*words, *chosen[:MOST_CHOICES]]))


def _pieces(text: str) -> Iterator[str]:
    """Lines, none longer than one reads at a glance."""
    for line in text.replace("\u00a0", " ").replace("\u202f", " ").splitlines():
        if _PASSING.search(line):
            # Also what stands before a day is said of it.
            continue
        # What is said in a sentence of its own stands or falls alone.
        piece = re.split(r"(?<=[.!?]) ", line.strip())[0]
        yield piece if len(piece) <= LONGEST else piece[:LONGEST].rpartition(" ")[0]


def _stays(text: str, veil: Veil, at: datetime, least: int = 4) -> bool:
    letters = sum(char.isalpha() for char in text)
    return letters >= least and not _PASSING.search(text) and not is_new_code(text, at) and veil.shows(text)
