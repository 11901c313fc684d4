"""Amounts as people type them, in figures and in words, and what is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade.amounts import read_amount


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("5000", "XAF", "5000"),
        ("10 000 f", "XAF", "10000"),
        ("10\u202f000 FCFA", "XAF", "10000"),
        ("10.000", "XAF", "10000"),
        ("1,500,000", "XAF", "1500000"),
        ("10k", "XAF", "10000"),
        ("2,5k", "XAF", "2500"),
        ("10 mille", "XAF", "10000"),
        ("environ 20000fcfa", "XAF", "20000"),
        ("1 million", "XAF", "1000000"),
        ("dix mille francs", "XAF", "10000"),
        ("Deux cent cinquante", "XAF", "250"),
        ("quatre-vingt-dix mille", "XAF", "90000"),
        ("mille", "XAF", "1000"),
        ("ten thousand", "XAF", "10000"),
        ("one hundred and fifty thousand", "XAF", "150000"),
        ("18.500", "TND", "18.500"),
        ("18,5 dinars", "TND", "18.500"),
        ("12,50 €", "EUR", "12.50"),
        ("0", "XAF", "0"),
    ],
)
def test_an_amount_is_read(typed: str, currency: str, amount: str) -> None:
    assert str(read_amount(typed, currency)) == amount


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("un gâteau", "XAF"),
        ("je ne sais pas", "XAF"),
        ("", "XAF"),
        ("5,5", "XAF"),
        ("1.2.3", "EUR"),
        ("10 000 000 000 000 000 000", "XAF"),
    ],
)
def test_what_is_no_amount_of_the_currency_is_none(typed: str, currency: str) -> None:
    assert read_amount(typed, currency) is None


@given(st.text(max_size=60), st.sampled_from(["XAF", "TND", "EUR"]))
def test_whatever_is_typed_it_is_an_amount_or_none(typed: str, currency: str) -> None:
    amount = read_amount(typed, currency)

    assert amount is None or amount >= Decimal(0)
