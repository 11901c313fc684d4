"""How much of its allowance Meta says is used, as the headers of an answer tell it. Pure.

Sources: Meta, Graph API rate limits: `X-App-Usage` holds one object of percentages, `X-Business-Use-Case-Usage` lists
of them by account, with `estimated_time_to_regain_access` in minutes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

APP_HEADER: Final = "x-app-usage"
ACCOUNT_HEADER: Final = "x-business-use-case-usage"

SPREAD_PERCENT: Final = 80
"""From here on requests are better spread out; our choice."""

FULL_PERCENT: Final = 100
"""From here on Meta refuses; Meta, Graph API rate limits."""

MAX_REGAIN_SECONDS: Final = 24 * 3600
"""A longer wait than a day is a mistake, not a wish: Meta counts by the hour."""

_PERCENTAGES: Final = ("call_count", "total_time", "total_cputime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The fullest of all the allowances that an answer names."""

    percent: int = 0
    regain_seconds: int = 0  # until Meta takes requests again; 0 while it does


NO_USAGE: Final = Usage()


def read_usage(headers: Mapping[str, str]) -> Usage:
    """Of headers with names in lower case; what cannot be read counts as unused."""
    if APP_HEADER not in headers and ACCOUNT_HEADER not in headers:
        return NO_USAGE
    allowances = [*_objects(headers.get(APP_HEADER)), *_objects(headers.get(ACCOUNT_HEADER))]
    if not allowances:
        return NO_USAGE  # neither could be read
    minutes = max(_number(each.get("estimated_time_to_regain_access")) for each in allowances)
    return Usage(
        percent=int(max(_number(each.get(name)) for each in allowances for name in _PERCENTAGES)),
        regain_seconds=int(min(minutes * 60, MAX_REGAIN_SECONDS)),
    )


def _objects(header: str | None) -> Iterator[Mapping[str, Any]]:
    """The app's header holds one object; the account's holds lists of them by account id."""
    try:
        document = json.loads(header or "null")
    except (ValueError, RecursionError):
        return
    if not isinstance(document, Mapping):
        return
    yield document
    for listed in document.values():
        if isinstance(listed, list):
            yield from (each for each in listed if isinstance(each, Mapping))


def _number(value: object) -> float:
    """Negative, infinite and absent figures are none."""
    is_figure = isinstance(value, int | float) and 0 <= value < 1e9
    return float(value) if is_figure else 0.0  # type: ignore[arg-type]
