"""The checks that the messages share: each names the field that breaks a limit and never quotes what it holds.

InvalidMessage      a value breaks a limit, or a payload is not a message known here
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from typing import Any, Final
from urllib.parse import urlsplit

import regex

from channels.invalid import InvalidMessage
from channels.whatsapp.limits import length

_EMOJI: Final = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]")
_UNSENDABLE: Final = re.compile("[\x00\ud800-\udfff]")
_BSUID: Final = re.compile(r"[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}")


def is_digits(text: str) -> bool:
    """Digits of ASCII alone, as in a `wa_id` or a phone_number_id."""
    return text.isascii() and text.isdigit()


def is_bsuid(text: str) -> bool:
    """A business-scoped user id: a country, then an opaque word; a parent's has `ENT.` between them."""
    return _BSUID.fullmatch(text) is not None


def is_one_character(text: str) -> bool:
    """As a reader counts: a flag or a family is one."""
    return regex.fullmatch(r"\X", text) is not None


def holds_emoji(text: str) -> bool:
    return _EMOJI.search(text) is not None


def check_text(field: str, text: str, most: int | None = None) -> None:
    if not isinstance(text, str):
        raise InvalidMessage(field, "is not a text")
    if not text.strip():
        raise InvalidMessage(field, "is empty")
    _check_sendable(field, text)
    if most is not None and length(text) > most:
        raise InvalidMessage(field, f"is {length(text)} long; at most {most} are allowed")


def check_optional(field: str, text: str | None, most: int | None = None) -> None:
    if text is not None:
        check_text(field, text, most)


def check_trimmed(field: str, text: str, most: int | None = None) -> None:
    check_text(field, text, most)
    if text != text.strip():
        raise InvalidMessage(field, "begins or ends with a space")


def check_count(field: str, items: Sized, most: int | None = None, least: int = 1) -> None:
    if not items:
        raise InvalidMessage(field, "is empty")
    if len(items) < least:
        raise InvalidMessage(field, f"holds {len(items)}; at least {least} are needed")
    if most is not None and len(items) > most:
        raise InvalidMessage(field, f"holds {len(items)}; at most {most} are allowed")


def check_unique(field: str, texts: Iterable[str]) -> None:
    every = list(texts)
    if len(set(every)) < len(every):
        raise InvalidMessage(field, "is there twice")


def check_section_titles(field: str, titles: Sequence[str | None]) -> None:
    """A lone section may go without a title; several need one each."""
    if len(titles) > 1 and None in titles:
        raise InvalidMessage(field, "is missing; among several sections each needs one")
    check_unique(field, (title for title in titles if title is not None))


def check_link(field: str, link: str) -> None:
    check_trimmed(field, link)
    try:
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in link):
        raise InvalidMessage(field, "is not an http or https address")


def check_json(field: str, value: Mapping[str, Any]) -> None:
    """An object of JSON that Meta hands on to somebody else; it may not be empty."""
    if not isinstance(value, Mapping):
        raise InvalidMessage(field, "is not an object")
    check_count(field, value)
    try:
        for leaf in _leaves(value):
            _check_leaf(field, leaf)
    except RecursionError:
        raise InvalidMessage(field, "is nested too deeply") from None


def check_degrees(field: str, degrees: float, most: int) -> None:
    if isinstance(degrees, bool) or not isinstance(degrees, int | float):
        raise InvalidMessage(field, "is not a number")
    if abs(degrees) > most or not math.isfinite(degrees):
        raise InvalidMessage(field, f"is not between -{most} and {most} degrees")


def _leaves(value: object) -> Iterator[object]:
    """Every name and every value that holds no other."""
    match value:
        case Mapping() if all(isinstance(name, str) for name in value):
            for name, member in value.items():
                yield name
                yield from _leaves(member)
        case list():
            for item in value:
                yield from _leaves(item)
        case _:
            yield value


def _check_leaf(field: str, leaf: object) -> None:
    if isinstance(leaf, str):
        _check_sendable(field, leaf)
    elif isinstance(leaf, float):
        if not math.isfinite(leaf):
            raise InvalidMessage(field, "holds a number that is not finite")
    elif leaf is not None and not isinstance(leaf, int):
        raise InvalidMessage(field, "holds what JSON cannot say")


def _check_sendable(field: str, text: str) -> None:
    if _UNSENDABLE.search(text):
        raise InvalidMessage(field, "holds a character that cannot be sent")
