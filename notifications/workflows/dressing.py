"""How money, moments and numbers read in a content: filters that know the person's language and clocks."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import jinja2
from babel.dates import format_skeleton, format_time
from babel.numbers import format_decimal

from notifications.workflows.anchor import Anchor
from trade.moments import TIME, format_moment
from trade.money import NARROW_NO_BREAK_SPACE, NO_BREAK_SPACE, Money, format_money
from trade.phones import national

MOST_REMEMBERED: Final = 8192
"""formatted values of each kind; a campaign repeats them. Our choice."""


@jinja2.pass_context
def money(context: jinja2.runtime.Context, value: Money) -> str:
    """ "2 500 FCFA"."""
    return format_money(value, context["language"])


@jinja2.pass_context
def moment(context: jinja2.runtime.Context, value: datetime | Anchor) -> str:
    """ "lun. 27 janv., 14:30"."""
    return format_moment(*_by_whose_clocks(context, value), context["language"])


@jinja2.pass_context
def day(context: jinja2.runtime.Context, value: date | datetime | Anchor) -> str:
    """ "27 janvier"."""
    if isinstance(value, Anchor):
        value = value.starts_at
    return _day(value.date() if isinstance(value, datetime) else value, context["language"])


@jinja2.pass_context
def time(context: jinja2.runtime.Context, value: datetime | Anchor) -> str:
    """ "14:30"."""
    return _time(*_by_whose_clocks(context, value), context["language"])


@jinja2.pass_context
def number(context: jinja2.runtime.Context, value: float) -> str:
    """ "1 250,5"."""
    return _number(value, context["language"])


@jinja2.pass_context
def addressed(context: jinja2.runtime.Context, value: str) -> str:
    """ "Grâce, votre livraison" to whom we know by first name, "Votre livraison" to anybody else."""
    first_name = context["person"]["first_name"]
    return f"{first_name}, {value}" if first_name else value[:1].upper() + value[1:]


def _by_whose_clocks(context: jinja2.runtime.Context, value: datetime | Anchor) -> tuple[datetime, str]:
    """The moment and the time zone to say it in: an appointment has its own, wherever the person is."""
    if isinstance(value, Anchor):
        return value.starts_at, value.timezone
    return value, context["timezone"]


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "money": money,
    "moment": moment,
    "day": day,
    "time": time,
    "number": number,
    "phone": national,
    "addressed": addressed,
}

# Babel takes longer than all the rest of a content.


@lru_cache(maxsize=MOST_REMEMBERED)
def _day(value: date, language: str) -> str:
    return str(format_skeleton("MMMMd", value, locale=language))


@lru_cache(maxsize=MOST_REMEMBERED)
def _time(value: datetime, timezone: str, language: str) -> str:
    """Moments that are the same are equal also by different clocks, so the time zone is asked for by itself."""
    return str(format_time(value, TIME, tzinfo=ZoneInfo(timezone), locale=language))


@lru_cache(maxsize=MOST_REMEMBERED)
def _number(value: float, language: str) -> str:
    return str(format_decimal(value, locale=language)).replace(NARROW_NO_BREAK_SPACE, NO_BREAK_SPACE)
