"""Hides what could tell who somebody is from those who need not know; pure."""

import re
from typing import Final

MASK: Final = "•••"

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_NUMBER: Final = re.compile(r"\+?\d(?:[\s.\-()/]{0,2}\d){4,}")
"""Five digits or more, however they are grouped: phones, codes, references, card numbers."""


def masked(text: str) -> str:
    """The text without addresses and without numbers of five digits or more."""
    return _NUMBER.sub(MASK, _EMAIL.sub(MASK, text))
