"""What one message costs: estimated by the price book as it leaves, and with what a receipt told of it.

Amounts are whole numbers, millionths of their currency: exact, and summed by any database.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from channels.sms.segments import segmented
from notifications.prices.book import Category, Estimate, PriceBook
from notifications.prices.estimating import estimate_message

MILLIONTHS: Final = 1_000_000

SMS: Final = "sms"
"""What a text message is billed as, beside Meta's categories."""

OURS: Final[Mapping[str, Category]] = {
    "service": "service",
    "referral_conversion": "service",
    "utility": "utility",
    "marketing": "marketing",
    "marketing_lite": "marketing",
    "authentication": "authentication",
    "authentication-international": "authentication",
}
"""Meta's categories, by whose rates the book knows them; those of groups are the same with `group_` before them."""

FREE: Final = "free"
"""How Meta's types begin that cost nothing: within the window, after a click on an ad, in a group's window."""


class Cost(NamedTuple):
    """What a message costs; no amount where the book does not know."""

    category: str
    """service, utility, marketing, authentication, sms"""
    currency: str | None
    millionths: int | None
    price_book: str
    """The version of the book."""


def cost_of_whatsapp(book: PriceBook, category: Category, country: str, at: date, *, window_open: bool) -> Cost:
    """One message that leaves now."""
    return _cost(book, category, estimate_message(book, category, country, at, window_open=window_open))


def cost_of_sms(book: PriceBook, text: str, country: str, at: date) -> Cost:
    """A text as it is cut into segments."""
    return _cost_of_segments(book, segmented(text).count, country, at)


def billed_by_meta(book: PriceBook, kind: str, category: str, country: str | None, at: date) -> Cost:
    """What the type and category in a receipt's pricing come to. Whether an allowance is left, the type says."""
    ours = OURS.get(category.removeprefix("group_"))
    rules, rates = book.rules_at(at), None if country is None else book.rates_at(country, at)
    currency = rates.currency if rates is not None else None
    if kind.startswith(FREE):
        return Cost(category, currency, 0, book.version)
    rate = None
    if rules is not None and rates is not None and ours is not None:
        rate = rates.per_message.get(rules.service_as if ours == "service" else ours)
    return Cost(category, currency, None if rate is None else _millionths(rate), book.version)


def billed_as_segments(book: PriceBook, segments: int, country: str | None, at: date) -> Cost:
    """As many as the provider says there were."""
    return _cost_of_segments(book, segments, country or "", at)


COST_COLUMNS: Final = ("price_category", "cost_currency", "estimated_cost", "price_book")
"""What a message keeps of its estimate."""


def estimate_columns(cost: Cost | None) -> dict[str, Any]:
    """The values of `COST_COLUMNS`; empty where nothing is to be kept."""
    if cost is None:
        return {}
    values = cost.category, cost.currency, cost.millionths, cost.price_book
    return dict(zip(COST_COLUMNS, values, strict=True))


def amount_of(millionths: int | None) -> Decimal | None:
    """In whole units of the currency."""
    return None if millionths is None else Decimal(millionths) / MILLIONTHS


def _cost_of_segments(book: PriceBook, segments: int, country: str, at: date) -> Cost:
    found = book.sms_at(country, at)
    if found is None:
        return Cost(SMS, None, None, book.version)
    return Cost(SMS, found.segment.currency, _millionths(found.segment.amount * segments), book.version)


def _cost(book: PriceBook, category: str, estimate: Estimate) -> Cost:
    if estimate.price is None:
        return Cost(category, None, None, book.version)
    return Cost(category, estimate.price.currency, _millionths(estimate.price.amount), book.version)


def _millionths(amount: Decimal) -> int:
    return int((amount * MILLIONTHS).to_integral_value())
