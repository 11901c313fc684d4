"""The words of the desk's pages: one file for each topic and language, and how numbers and moments are written."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent

FOLDER: Final = Path(__file__).parent / "words"
LANGUAGES: Final = ("fr", "en")
WRITTEN_AS: Final = {"fr": "fr", "en": "en_GB"}
"""How each language writes times and days: our businesses' readers of English count the hours to 24."""


class Words(Mapping[str, Any]):
    """All topics in one language; `words["console"]["menu"]["health"]`, in a template `w.console.menu.health`."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __getitem__(self, topic: str) -> Any:
        return _topic(topic, self._language)

    def __iter__(self) -> Iterator[str]:
        return iter(topics())

    def __len__(self) -> int:
        return len(topics())

    def find(self, name: str) -> str | None:
        """The words at topic.key.key; None when there are none."""
        found: Any = self
        for key in name.split("."):
            if not isinstance(found, Mapping) or key not in found:
                return None
            found = found[key]
        return found if isinstance(found, str) else None


def counted(words: Mapping[str, str], count: int, language: str) -> str:
    """`one` or `other` of these, with the number in it as {n}. In French nought is singular."""
    is_one = count == 1 or (language == "fr" and count == 0)
    return words["one" if is_one else "other"].format(n=number(count, language))


def number(value: float, language: str) -> str:
    """12 345 or 12,345."""
    return str(format_decimal(value, locale=WRITTEN_AS[language]))


def percent(part: float, language: str) -> str:
    """97,3 % or 97.3%; whole where there is nothing behind the point."""
    return str(format_percent(part, "#,##0.#%" if language == "en" else "#,##0.#\u202f%", locale=WRITTEN_AS[language]))


def seconds(value: float, language: str) -> str:
    """0,8 s, 12 s, 3 min, 2 h."""
    for length, unit in ((7200, "h"), (120, "min")):
        if value >= length:
            return f"{number(round(value / (3600 if unit == 'h' else 60)), language)}\u00a0{unit}"
    return f"{number(round(value, 1) if value < 10 else round(value), language)}\u00a0s"


def amount(value: float, currency: str, language: str) -> str:
    """12,50 € or €12.50."""
    return str(format_currency(value, currency, locale=WRITTEN_AS[language]))


def moment(at: datetime, language: str, timezone: str, now: datetime) -> str:
    """The time, with the day unless that is today, and the year unless it is this one."""
    zone, written_as = ZoneInfo(timezone), WRITTEN_AS[language]
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    time = format_time(local, "short", tzinfo=zone, locale=written_as)
    if local.date() == today:
        return time
    day = "d MMM" if local.year == today.year else "d MMM y"
    return f"{format_date(local, day, locale=written_as)}, {time}"


def day(on: date, language: str, form: Literal["day", "month", "weekday"]) -> str:
    """mardi 24 novembre 2026; novembre 2026; mar. or Tue."""
    return str(format_date(on, _DAYS[form], locale=WRITTEN_AS[language]))


_DAYS: Final = {"day": "EEEE d MMMM y", "month": "LLLL y", "weekday": "ccc"}


def span(seconds: float, language: str) -> str:
    """3 minutes, 2 heures."""
    return str(format_timedelta(timedelta(seconds=seconds), threshold=1.5, locale=WRITTEN_AS[language]))


@cache
def topics() -> tuple[str, ...]:
    """What there are words for."""
    return tuple(sorted({file.name.split(".")[0] for file in FOLDER.glob("*.yml")}))


@cache
def _topic(topic: str, language: str) -> Mapping[str, Any]:
    file = FOLDER / f"{topic}.{language}.yml"
    if not file.is_file():
        raise KeyError(topic)
    read: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read
