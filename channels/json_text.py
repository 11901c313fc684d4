"""Strict JSON, of texts and numbers that every database stores."""

import json
import math
from typing import Any, Final, NoReturn

import orjson

REPLACEMENT: Final = "\ufffd"
"""Stands for what no database stores as text: NUL, and half an emoji where somebody cut a name in its middle."""


def read_json(text: str | bytes) -> Any:
    """What the JSON holds; ValueError, which may quote the text, for what is no JSON or goes too deep."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        # Half an emoji is no JSON to it, and is mended here; what else it refuses is refused here as well.
        return _read_carefully(text)
    # The one thing that it reads and no database stores.
    holds_nul = (b"\\u0000" in text) if isinstance(text, bytes) else ("\\u0000" in text)
    return _storable(found) if holds_nul else found


def _read_carefully(text: str | bytes) -> Any:
    try:
        return _storable(json.loads(text, parse_float=_finite, parse_constant=_refuse))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def write_json(document: Any) -> bytes:
    """The document as UTF-8, without spaces. Raises TypeError or ValueError for what JSON cannot say."""
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError:
        # Whole numbers beyond 64 bits are JSON, too.
        return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def storable_text(text: str) -> str:
    """The text, with a sign in the place of what no database stores."""
    if text.isascii() and "\x00" not in text:
        return text
    text = text.replace("\x00", REPLACEMENT)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {storable_text(name): _storable(member) for name, member in value.items()}
    return value
