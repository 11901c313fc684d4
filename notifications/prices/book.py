"""The price book: rules and rates of WhatsApp and prices of SMS, each with the day from which it holds.

BadPriceBook    a file is no price book; names the file, the field and what it should be
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from trade.money import Money

type Category = Literal["service", "utility", "marketing", "authentication"]
"""Meta's, of a message: `service` is whatever is written freely."""


class BadPriceBook(Exception):
    """A price book cannot be used as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What Meta bills from a day on."""

    since: date
    free_in_window: frozenset[Category]
    """Costs nothing while the customer service window is open."""

    free_after_entry: frozenset[Category]
    """Costs nothing for 72 hours after somebody came by an ad or the button of a page."""

    free_each_month: Mapping[Category, int]
    """So many for each of our numbers cost nothing; whether they are used up, Meta says with each receipt."""

    service_as: Category
    """The rate that free-form messages cost where they cost something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What one message costs in a market from a day on."""

    market: str
    countries: frozenset[str]  # ISO 3166
    since: date
    currency: str
    per_message: Mapping[Category, Decimal]
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsPrice:
    """What one segment costs in a country from a day on."""

    country: str
    since: date
    segment: Money
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What it would cost, and why in words; None where the book does not know."""

    price: Money | None
    reason: str


class _Dated(Protocol):
    @property
    def since(self) -> date: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriceBook:
    """All prices that we know of."""

    rules: tuple[Rules, ...]
    rates: tuple[Rates, ...]
    sms: tuple[SmsPrice, ...]
    version: str = ""
    """A digest of its files: what a message was priced with can be told later."""

    def rules_at(self, at: date) -> Rules | None:
        """What Meta bills on that day; None before the first rules of the book."""
        return _newest(self.rules, at)

    def rates_at(self, country: str, at: date) -> Rates | None:
        """The rates of a country's market on that day."""
        return _newest((each for each in self.rates if country in each.countries), at)

    def sms_at(self, country: str, at: date) -> SmsPrice | None:
        """The price of a segment on that day."""
        return _newest((each for each in self.sms if each.country == country), at)


def _newest[Dated: _Dated](each: Iterable[Dated], at: date) -> Dated | None:
    return max((one for one in each if one.since <= at), key=lambda one: one.since, default=None)
