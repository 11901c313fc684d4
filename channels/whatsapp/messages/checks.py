"""The checks that the messages share: each names the field that breaks a limit and never quotes what it holds.

InvalidMessage      a value breaks a limit, or a payload is not a message known here
"""

import math
from collections.abc import Iterable, Sized
from urllib.parse import urlsplit

from channels.whatsapp.limits import length


class InvalidMessage(ValueError):
    """This can never be sent as it is."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field
        self.problem = problem


def is_digits(text: str) -> bool:
    """Digits of ASCII alone, as in a `wa_id` or a phone_number_id."""
    return text.isascii() and text.isdigit()


def check_text(field: str, text: str, most: int | None = None) -> None:
    if not isinstance(text, str):
        raise InvalidMessage(field, "is not a text")
    if not text.strip():
        raise InvalidMessage(field, "is empty")
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidMessage(field, "holds a character that cannot be sent")
    if most is not None and length(text) > most:
        raise InvalidMessage(field, f"is {length(text)} long; at most {most} are allowed")


def check_optional(field: str, text: str | None, most: int | None = None) -> None:
    if text is not None:
        check_text(field, text, most)


def check_trimmed(field: str, text: str, most: int | None = None) -> None:
    check_text(field, text, most)
    if text != text.strip():
        raise InvalidMessage(field, "begins or ends with a space")


def check_count(field: str, items: Sized, most: int | None = None) -> None:
    if not items:
        raise InvalidMessage(field, "is empty")
    if most is not None and len(items) > most:
        raise InvalidMessage(field, f"holds {len(items)}; at most {most} are allowed")


def check_unique(field: str, texts: Iterable[str]) -> None:
    every = list(texts)
    if len(set(every)) < len(every):
        raise InvalidMessage(field, "is there twice")


def check_link(field: str, link: str) -> None:
    check_trimmed(field, link)
    try:
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in link):
        raise InvalidMessage(field, "is not an http or https address")


def check_degrees(field: str, degrees: float, most: int) -> None:
    if isinstance(degrees, bool) or not isinstance(degrees, int | float):
        raise InvalidMessage(field, "is not a number")
    if not math.isfinite(degrees) or abs(degrees) > most:
        raise InvalidMessage(field, f"is not between -{most} and {most} degrees")
