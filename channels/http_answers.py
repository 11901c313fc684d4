"""What the answers of all HTTP providers have in common: JSON that may be broken, and how long they ask one to wait."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from channels.json_text import read_json

MAX_RETRY_AFTER_SECONDS: Final = 1_000_000
"""Ten days and longer would be a mistake, not a wish; our choice."""

_SECONDS: Final = re.compile(r"[0-9]{1,6}")


def decode(body: bytes) -> Any:
    """The body's JSON; None where it is none."""
    try:
        return read_json(body)
    except ValueError:
        return None


def retry_after_seconds(headers: Mapping[str, str]) -> int | None:
    """What `Retry-After` asks for, as seconds or as a date; None where it is absent or makes no sense."""
    given = headers.get("retry-after", "").strip()
    return int(given) if _SECONDS.fullmatch(given) else _seconds_until(given, headers.get("date", ""))


def _seconds_until(given: str, answered: str) -> int | None:
    """Of the form with a date: counted from the answer's own date where it has one, so that no clock need be right."""
    moment = _moment(given)
    if moment is None:
        return None
    seconds = int((moment - (_moment(answered) or datetime.now(UTC))).total_seconds())
    return max(0, seconds) if seconds < MAX_RETRY_AFTER_SECONDS else None


def _moment(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed
