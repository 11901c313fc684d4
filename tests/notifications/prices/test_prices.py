"""What a message costs on either side of 2026-10-01, and which form goes for it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from notifications.prices import (
    BadPriceBook,
    Category,
    PriceBook,
    TemplateState,
    choose_form,
    estimate,
    estimate_message,
)
from notifications.prices.files import OURS, our_price_book, read_price_book
from notifications.workflows import InAppContent, SmsContent, WhatsAppContent
from trade.money import Money

BOOK = our_price_book()
BEFORE, AFTER = date(2026, 9, 30), date(2026, 10, 1)
CONGO = BOOK.rates_at("CG", AFTER)
assert CONGO is not None
UTILITY, MARKETING = CONGO.per_message["utility"], CONGO.per_message["marketing"]


@pytest.mark.parametrize(
    ("category", "at", "window_open", "free_entry", "amount", "reason"),
    [
        ("service", BEFORE, True, False, Decimal(0), "free: service messages cost nothing while the window is open"),
        ("utility", BEFORE, True, False, Decimal(0), "free: utility messages cost nothing while the window is open"),
        ("utility", BEFORE, False, False, UTILITY, "utility in the rest of Africa since 2025-07-01 (illustrative)"),
        ("marketing", BEFORE, True, False, MARKETING, "marketing in the rest of Africa"),
        ("service", AFTER, True, False, UTILITY, "unless the number's 1000 free ones of the month are left"),
        ("utility", AFTER, True, False, UTILITY, "utility in the rest of Africa since 2026-10-01 (illustrative)"),
        ("marketing", AFTER, True, True, Decimal(0), "free: the person came by an ad"),
        ("service", date(2025, 6, 30), True, False, None, "has no rules for 2025-06-30"),
    ],
)
def test_a_message_costs_what_the_rules_of_its_day_say(
    category: Category, at: date, window_open: bool, free_entry: bool, amount: Decimal | None, reason: str
) -> None:
    found = estimate_message(BOOK, category, "CG", at, window_open=window_open, free_entry=free_entry)
    assert found.price == (None if amount is None else Money(amount=amount, currency="USD"))
    assert reason in found.reason


def test_a_country_that_the_book_does_not_know_has_no_price_and_not_zero() -> None:
    found = estimate_message(BOOK, "utility", "BR", AFTER, window_open=False)
    assert (found.price, found.reason) == (None, "the price book has no rates for BR on 2026-10-01")


def test_a_contact_card_is_a_message_of_its_own_and_a_long_sms_has_segments() -> None:
    card = WhatsAppContent(free_form=({}, {}), template={}, said="…")
    assert estimate(BOOK, card, "CG", AFTER, window_open=True).price == Money(amount=2 * UTILITY, currency="USD")
    assert estimate(BOOK, card, "CG", AFTER, form="template").price == Money(amount=UTILITY, currency="USD")
    sms = estimate(BOOK, SmsContent(text="x" * 161), "TN", AFTER)
    assert (sms.price, sms.reason) == (
        Money(amount=Decimal("0.24"), currency="USD"),
        "2 SMS segments to TN (illustrative)",
    )
    assert estimate(BOOK, InAppContent(title="a", body="b"), "CG", AFTER).price is None


@pytest.mark.parametrize(
    ("at", "window_open", "free_entry", "template", "form", "reason"),
    [
        (BEFORE, True, False, TemplateState(category="utility"), "free_form", "service messages cost nothing"),
        (AFTER, True, False, TemplateState(category="utility"), "free_form", "1000 free ones"),
        (AFTER, True, False, TemplateState(category="marketing"), "free_form", "1000 free ones"),
        (AFTER, True, False, None, "free_form", "The window is open"),
        (BEFORE, False, False, TemplateState(category="utility"), "template", "window is closed"),
        (AFTER, False, False, TemplateState(category="utility"), "template", "utility in the rest of Africa"),
        (AFTER, False, False, None, None, "has not written for 24 hours, and there is no template."),
        (AFTER, False, False, TemplateState(category="utility", refusal="Meta paused it."), None, "Meta paused it."),
    ],
)
def test_the_form_that_may_go_and_costs_least_goes(
    at: date, window_open: bool, free_entry: bool, template: TemplateState | None, form: str | None, reason: str
) -> None:
    choice = choose_form(
        BOOK,
        window_open=window_open,
        has_free_form=True,
        template=template,
        country="CG",
        at=at,
        free_entry=free_entry,
    )
    assert choice.form == form
    assert reason in choice.reason


def test_a_template_that_costs_less_goes_also_while_the_window_is_open(tmp_path: Path) -> None:
    book = _edited(tmp_path, "service_as: utility", "service_as: marketing")
    choice = choose_form(
        book, window_open=True, has_free_form=True, template=TemplateState(category="utility"), country="CG", at=AFTER
    )
    assert (choice.form, choice.price) == ("template", Money(amount=UTILITY, currency="USD"))
    assert choice.reason.startswith("The window is open, and the template costs less")


def test_without_a_free_form_the_template_goes_also_while_the_window_is_open() -> None:
    choice = choose_form(
        BOOK, window_open=True, has_free_form=False, template=TemplateState(category="utility"), country="FR", at=AFTER
    )
    assert (choice.form, choice.reason[:23]) == ("template", "There is no free form; ")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("since: 2026-10-01", "since: soon", "whatsapp.yml: rules.1.since"),
        ('utility: "0.004"', "utility: free", "whatsapp.yml: rates.0.utility"),
        ("currency: USD", "currency: dollars", "whatsapp.yml: rates.0.currency"),
        ("rules:", "rules: [", "whatsapp.yml is not YAML"),
    ],
)
def test_a_mistake_in_a_price_book_is_named(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadPriceBook, match=sentence):
        _edited(tmp_path, old, new)


def _edited(folder: Path, old: str, new: str) -> PriceBook:
    for name in ("whatsapp.yml", "sms.yml"):
        text = (OURS / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_price_book(folder)
