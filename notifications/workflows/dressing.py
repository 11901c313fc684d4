"""How money, moments and numbers read in a content: filters that know the person's language and clocks."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import jinja2
from babel.dates import format_skeleton, format_time
from babel.numbers import format_decimal

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
def moment(context: jinja2.runtime.Context, value: datetime) -> str:
    """ "lun. 27 janv., 14:30"."""
    return format_moment(value, context["timezone"], context["language"])


@jinja2.pass_context
def day(context: jinja2.runtime.Context, value: date | datetime) -> str:
    """ "27 janvier"."""
    return _day(value.date() if isinstance(value, datetime) else value, context["language"])


@jinja2.pass_context
def time(context: jinja2.runtime.Context, value: datetime) -> str:
    """ "14:30"."""
    return _time(value, context["timezone"], context["language"])


@jinja2.pass_context
def number(context: jinja2.runtime.Context, value: float) -> str:
    """ "1 250,5"."""
    return _number(value, context["language"])


@jinja2.pass_context
def addressed(context: jinja2.runtime.Context, value: str) -> str:
    """ "Grâce, votre livraison" to whom we know by first name, "Votre livraison" to anybody else."""
    first_name = context["person"]["first_name"]
    return f"{first_name}, {value}" if first_name else value[:1].upper() + value[1:]


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
