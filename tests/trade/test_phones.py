"""Phone numbers read nationally, compare whatever their format, and become WhatsApp ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade.phones import as_dialled, digits, national, read_phone, same_person

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


@pytest.mark.parametrize(
    ("whatsapp", "backend"),
    [
        ("556187654321", "+55 61 98765-4321"),
        ("5215512345678", "+52 55 1234 5678"),
        ("5493435551212", "+54 343 15 555 1212"),
    ],
)
def test_one_person_is_known_where_whatsapp_keeps_an_older_spelling(whatsapp: str, backend: str) -> None:
    assert same_person(whatsapp, backend)
    assert same_person(backend, whatsapp)


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


@pytest.mark.parametrize(
    ("typed", "country", "phone"),
    [
        ("06 123 45 67", "CG", GRACE),
        ("c'est le 06.123.45.67, merci", "CG", GRACE),
        ("242061234567", "CG", GRACE),
        ("00242 06 123 45 67", "TN", GRACE),
        ("+242 06 123 45 67", None, GRACE),
        ("20 123 456", "TN", "+21620123456"),
        ("06 123 45 67 ou 05 541 88 30", "CG", GRACE),
    ],
)
def test_a_typed_number_is_local_or_international(typed: str, country: str | None, phone: str) -> None:
    assert read_phone(typed, country) == phone


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("12345", "CG"),
        ("06 12 34", "CG"),
        ("06 12 34 56 78", "CG"),
        ("06 123 45 67", None),
        ("maman", "CG"),
        ("", "CG"),
    ],
)
def test_a_typed_number_that_is_none_is_not_guessed(typed: str, country: str | None) -> None:
    assert read_phone(typed, country) is None


@pytest.mark.parametrize(
    ("phone", "country", "shown"),
    [
        (GRACE, "CG", "06 123 4567"),
        (GRACE, "TN", "+242 06 123 4567"),
        (GRACE, None, "+242 06 123 4567"),
        ("x", "CG", "x"),
    ],
)
def test_a_number_is_shown_as_one_dials_it(phone: str, country: str | None, shown: str) -> None:
    assert as_dialled(phone, country) == shown
