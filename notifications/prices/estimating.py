"""What a content would cost on a day, by the price book of that day."""

from datetime import date
from decimal import Decimal
from typing import Final, Literal

from channels.sms.segments import segmented
from notifications.prices.book import Category, Estimate, PriceBook, Rates, Rules
from notifications.workflows.rendered import Rendered, SmsContent, WhatsAppContent
from trade.money import Money

type Form = Literal["free_form", "template"]

FREE: Final = "no fee for this channel"


def estimate(
    book: PriceBook,
    content: Rendered,
    country: str,
    at: date,
    *,
    window_open: bool = False,
    free_entry: bool = False,
    form: Form = "free_form",
    template_category: Category = "utility",
) -> Estimate:
    """The whole content: each of its messages or segments. `country` is the person's (ISO 3166)."""
    match content:
        case WhatsAppContent():
            count = len(content.free_form) if form == "free_form" else 1
            category: Category = "service" if form == "free_form" else template_category
            return estimate_message(
                book, category, country, at, window_open=window_open, free_entry=free_entry, count=count
            )
        case SmsContent():
            return _sms(book, content, country, at)
        case _:
            return Estimate(price=None, reason=FREE)


def estimate_message(
    book: PriceBook,
    category: Category,
    country: str,
    at: date,
    *,
    window_open: bool,
    free_entry: bool = False,
    count: int = 1,
) -> Estimate:
    """So many WhatsApp messages of a category. What a monthly allowance may still cover is said, not deducted."""
    rules, rates = book.rules_at(at), book.rates_at(country, at)
    if rules is None:
        return Estimate(price=None, reason=f"the price book has no rules for {at}")
    if rates is None:
        return Estimate(price=None, reason=f"the price book has no rates for {country} on {at}")
    why_free = _why_free(rules, category, window_open=window_open, free_entry=free_entry)
    if why_free is not None:
        return Estimate(price=Money(amount=Decimal(0), currency=rates.currency), reason=why_free)
    rate = rates.per_message.get(rules.service_as if category == "service" else category)
    if rate is None:
        return Estimate(price=None, reason=f"the price book has no {category} rate for {country} on {at}")
    return Estimate(price=Money(amount=rate * count, currency=rates.currency), reason=_why(rules, rates, category))


def _why_free(rules: Rules, category: Category, *, window_open: bool, free_entry: bool) -> str | None:
    if free_entry and category in rules.free_after_entry:
        return "free: the person came by an ad or a page's button less than 72 hours ago"
    if window_open and category in rules.free_in_window:
        return f"free: {category} messages cost nothing while the window is open"
    return None


def _why(rules: Rules, rates: Rates, category: Category) -> str:
    allowance = rules.free_each_month.get(category, 0)
    left = f", unless the number's {allowance} free ones of the month are left" if allowance else ""
    source = " (illustrative)" if rates.is_illustrative else ""
    return f"{category} in {rates.market} since {max(rules.since, rates.since)}{source}{left}"


def _sms(book: PriceBook, content: SmsContent, country: str, at: date) -> Estimate:
    found, count = book.sms_at(country, at), segmented(content.text).count
    if found is None:
        return Estimate(price=None, reason=f"the price book has no SMS price for {country} on {at}")
    price = Money(amount=found.segment.amount * count, currency=found.segment.currency)
    source = " (illustrative)" if found.is_illustrative else ""
    return Estimate(price=price, reason=f"{count} SMS {'segment' if count == 1 else 'segments'} to {country}{source}")
