"""Money reads as people write it, and never breaks over two lines."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade.money import Money, format_money


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "written"),
    [
        ("8000", "XAF", "fr", "8\u00a0000\u00a0FCFA"),
        ("8000", "XAF", "en", "8,000\u00a0FCFA"),
        ("8000", "XOF", "fr", "8\u00a0000\u00a0FCFA"),
        ("8000", "XOF", "en", "8,000\u00a0FCFA"),
        ("1250000", "XAF", "fr", "1\u00a0250\u00a0000\u00a0FCFA"),
        ("500", "XAF", "fr-CG", "500\u00a0FCFA"),
        ("2500.00", "XAF", "en", "2,500\u00a0FCFA"),
        ("0", "XAF", "fr", "0\u00a0FCFA"),
        ("24.5", "TND", "fr", "24,500\u00a0TND"),
        ("24.5", "TND", "en", "TND\u00a024.500"),
        ("1999.9", "EUR", "fr", "1\u00a0999,90\u00a0€"),
        ("1999.9", "EUR", "en", "€1,999.90"),
    ],
)
def test_money_reads_as_people_write_it(amount: str, currency: str, locale: str, written: str) -> None:
    money = Money(amount=Decimal(amount), currency=currency)

    assert format_money(money, locale) == written


@given(
    amount=st.decimals(min_value=0, max_value=10**12, places=3),
    currency=st.sampled_from(["XAF", "XOF", "TND", "EUR", "USD", "CDF"]),
    locale=st.sampled_from(["fr", "en"]),
)
def test_money_never_holds_a_space_where_a_line_may_break(amount: Decimal, currency: str, locale: str) -> None:
    written = format_money(Money(amount=amount, currency=currency), locale)

    assert set(written) & {" ", "\n", "\t", "\u202f"} == set()


@pytest.mark.parametrize(
    ("amount", "currency", "field"),
    [
        ("NaN", "XAF", "amount"),
        ("Infinity", "XAF", "amount"),
        ("1E+400", "XAF", "amount"),
        ("5", "xaf", "currency"),
        ("5", "", "currency"),
    ],
)
def test_what_is_no_money_is_refused_by_the_name_of_its_field(amount: str, currency: str, field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} must be"):
        Money(amount=Decimal(amount), currency=currency)
