"""What a message costs: prices as data with the days they hold from, and the cheapest form that may go.

Meta's rules and rates change, so they are a file and never code. Pure but for `files`, which reads it.
"""

from notifications.prices.book import (
    BadPriceBook,
    Category,
    Estimate,
    PriceBook,
    Rates,
    Rules,
    SmsPrice,
)
from notifications.prices.choosing import Choice, TemplateState, choose_form
from notifications.prices.estimating import estimate, estimate_message

__all__ = [
    "BadPriceBook",
    "Category",
    "Choice",
    "Estimate",
    "PriceBook",
    "Rates",
    "Rules",
    "SmsPrice",
    "TemplateState",
    "choose_form",
    "estimate",
    "estimate_message",
]
