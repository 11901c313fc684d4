"""Amounts as people type them, in figures and in words, and what is none."""

from collections.abc import Callable
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
        ("10 mille 500", "XAF", "10500"),
        ("2 millions 500 mille", "XAF", "2500000"),
        ("un million et demi", "XAF", "1500000"),
        ("half a million", "XAF", "500000"),
        ("one and a half million", "XAF", "1500000"),
        ("vingt et un mille francs", "XAF", "21000"),
        ("deux mille francs et un gâteau", "XAF", "2000"),
        ("10’000", "XAF", "10000"),
        ("1.234,56", "EUR", "1234.56"),
        ("1,234.56", "EUR", "1234.56"),
        ("neuf euros", "EUR", "9.00"),
    ],
)
def test_an_amount_is_read(typed: str, currency: str, amount: str) -> None:
    assert str(read_amount(typed, currency)) == amount


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("un gâteau", "XAF"),
        ("un téléphone neuf", "XAF"),
        ("5 kg de riz", "XAF"),
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


FRENCH_NAMES = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "vingt trente quarante cinquante soixante quatre-vingt"
)
ENGLISH_NAMES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
FRENCH = dict(zip([*range(17), 20, 30, 40, 50, 60, 80], FRENCH_NAMES.split(), strict=True))
ENGLISH = dict(zip([*range(21), 30, 40, 50, 60, 70, 80, 90], ENGLISH_NAMES.split(), strict=True))


def in_french(number: int) -> str:
    """As a French schoolbook spells it, up to 999 999 999."""
    for power, word in ((1_000_000, "million"), (1000, "mille"), (100, "cent")):
        if number >= power:
            times, rest = divmod(number, power)
            before = "" if times == 1 and power < 1_000_000 else f"{in_french(times)} "
            return f"{before}{word}{'s' if times > 1 and power != 1000 else ''}{f' {in_french(rest)}' if rest else ''}"
    if number in FRENCH:
        return FRENCH[number]
    if number < 20:
        return f"dix-{FRENCH[number - 10]}"
    tens = number // 10 * 10 if number // 10 not in (7, 9) else number // 10 * 10 - 10
    rest = number - tens
    return (
        f"{FRENCH[tens]} et {in_french(rest)}" if rest in (1, 11) and tens < 80 else f"{FRENCH[tens]}-{in_french(rest)}"
    )


def in_english(number: int) -> str:
    """As an English schoolbook spells it, up to 999 999 999."""
    for power, word in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= power:
            times, rest = divmod(number, power)
            joint = " and " if rest < 100 else " "
            return f"{in_english(times)} {word}{f'{joint}{in_english(rest)}' if rest else ''}"
    if number in ENGLISH:
        return ENGLISH[number]
    return f"{ENGLISH[number // 10 * 10]}-{ENGLISH[number % 10]}"


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [
        (71, "soixante et onze", "seventy-one"),
        (99, "quatre-vingt-dix-neuf", "ninety-nine"),
        (1200, "mille deux cents", "one thousand two hundred"),
        (21_101, "vingt et un mille cent un", "twenty-one thousand one hundred and one"),
    ],
)
def test_the_spelling_of_these_tests_is_right(number: int, french: str, english: str) -> None:
    assert (in_french(number), in_english(number)) == (french, english)


@given(st.integers(2, 999_999_999), st.sampled_from([in_french, in_english]), st.sampled_from(["", " francs", " fcfa"]))
def test_a_number_in_words_is_that_number(number: int, spell: Callable[[int], str], currency: str) -> None:
    assert read_amount(spell(number) + currency, "XAF") == number


@given(
    st.integers(0, 10**12),
    st.sampled_from([" ", ".", ",", "'", "\u00a0", "\u202f", ""]),
    st.sampled_from(["", " f", "FCFA"]),
)
def test_digits_may_be_grouped_by_any_sign(number: int, sign: str, currency: str) -> None:
    assert read_amount(f"{number:,}".replace(",", sign) + currency, "XAF") == number


@given(st.integers(1, 999), st.integers(1, 999))
def test_figures_and_words_go_together(thousands: int, rest: int) -> None:
    assert read_amount(f"{thousands} mille {rest}", "XAF") == thousands * 1000 + rest
