"""Phone numbers read nationally, compare whatever their format, and become WhatsApp ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade.phones import digits, national, same_person

GRACE = "+242061234567"


@pytest.mark.parametrize(
    ("phone", "read"),
    [
        (GRACE, "06 123 4567"),
        ("242061234567", "06 123 4567"),
        ("+216 20 123 456", "20 123 456"),
        ("+33 6 12 34 56 78", "06 12 34 56 78"),
        ("call me", "call me"),
        ("12\n`3`", "12 ’3’"),
        ("", ""),
    ],
)
def test_a_number_reads_as_in_its_country(phone: str, read: str) -> None:
    assert national(phone) == read


@pytest.mark.parametrize(
    "other",
    [
        GRACE,
        "242061234567",
        "00242061234567",
        "+242 06 123 45 67",
        "+242-06-123-4567",
        "(+242) 06.123.45.67",
        " 242 06 123 4567 ",
    ],
)
def test_one_person_is_known_in_every_format(other: str) -> None:
    assert same_person(GRACE, other)
    assert same_person(other, GRACE)
    assert digits(other) == "242061234567"


@pytest.mark.parametrize("other", ["+242061234568", "06 123 45 67", "061234567", "+21620123456", "", "me"])
def test_another_or_a_doubtful_number_is_nobody_we_know(other: str) -> None:
    assert not same_person(GRACE, other)


@pytest.mark.parametrize("unreadable", ["", "+", "me", "06 123 45 67"])
def test_what_is_no_number_is_not_even_the_same_as_itself(unreadable: str) -> None:
    assert not same_person(unreadable, unreadable)
    assert digits(unreadable) == ""


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_text_breaks_the_comparison(a: str, b: str) -> None:
    assert same_person(a, b) == same_person(b, a)
    assert digits(a) == "" or digits(a).isascii()
