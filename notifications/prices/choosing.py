"""Which form of a WhatsApp content goes: free-form or template, by the window, the template's state and the price."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from notifications.prices.book import Category, Estimate, PriceBook
from notifications.prices.estimating import Form, estimate_message
from trade.money import Money

CLOSED: Final = "The customer service window is closed: the person has not written for 24 hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateState:
    """The template that could go; `refusal` says in words why it may not, as Meta has it now."""

    category: Category
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What goes and why; without a form nothing may go, and the reason says so."""

    form: Form | None
    reason: str
    price: Money | None = None


def choose_form(
    book: PriceBook,
    *,
    window_open: bool,
    has_free_form: bool,
    template: TemplateState | None,
    country: str,
    at: date,
    free_entry: bool = False,
) -> Choice:
    """While the window is open the cheaper form, and free-form where both cost the same: it says more.

    One message of each form is compared: what comes with the free form, such as a contact card, is part of what the
    workflow wants said.
    """
    usable = template if template is not None and template.refusal is None else None
    if not (window_open and has_free_form):
        return _template_or_nothing(book, usable, template, window_open, country, at, free_entry=free_entry)
    free_form = estimate_message(book, "service", country, at, window_open=True, free_entry=free_entry)
    if usable is None:
        return Choice(form="free_form", reason=f"The window is open; {free_form.reason}.", price=free_form.price)
    filled = estimate_message(book, usable.category, country, at, window_open=True, free_entry=free_entry)
    if _is_cheaper(filled, free_form):
        reason = f"The window is open, and the template costs less; {filled.reason}."
        return Choice(form="template", reason=reason, price=filled.price)
    return Choice(form="free_form", reason=f"The window is open; {free_form.reason}.", price=free_form.price)


def _template_or_nothing(
    book: PriceBook,
    usable: TemplateState | None,
    template: TemplateState | None,
    window_open: bool,
    country: str,
    at: date,
    *,
    free_entry: bool,
) -> Choice:
    why = "There is no free form" if window_open else CLOSED
    if usable is not None:
        cost = estimate_message(book, usable.category, country, at, window_open=window_open, free_entry=free_entry)
        return Choice(form="template", reason=f"{why}; {cost.reason}.", price=cost.price)
    no_template = "and there is no template" if template is None else template.refusal
    return Choice(form=None, reason=f"{why}, {no_template}." if template is None else f"{why}. {no_template}")


def _is_cheaper(one: Estimate, other: Estimate) -> bool:
    """Prices of two currencies, or of none, say nothing."""
    if one.price is None or other.price is None or one.price.currency != other.price.currency:
        return False
    return one.price.amount < other.price.amount
