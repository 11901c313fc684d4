"""A number that its country writes in two ways is one number, and never somebody else's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trade.spellings import same_number, spellings

BRAZILIAN = ("5561987654321", "556187654321")
MEXICAN = ("525512345678", "5215512345678")
PORTENO = ("5491123456789", "54111523456789")
ARGENTINE = ("5493435551212", "54343155551212", "54343515551212")  # whether 343 or 3435 is the area, nobody can tell


@pytest.mark.parametrize("family", [BRAZILIAN, MEXICAN, PORTENO, ARGENTINE], ids=lambda family: family[0])
def test_every_spelling_leads_to_all_others_and_comes_first_itself(family: tuple[str, ...]) -> None:
    for number in family:
        assert spellings(number)[0] == number
        assert sorted(spellings(number)) == sorted(family)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("242061234567", "a country with one way of writing"),
        ("556132654321", "a Brazilian landline"),
        ("5561932654321", "a Brazilian mobile that eight digits would make a landline"),
        ("541123456789", "an Argentine number that may be a landline"),
        ("5215512345", "a Mexican number too short for its 1"),
        ("549", "hardly a number"),
        ("", "nothing"),
        ("5561٩87654321", "digits of another script"),
        ("5561987654321\n", "a number and a line end"),
    ],
)
def test_other_numbers_have_one_spelling(number: str, why: str) -> None:
    assert spellings(number) == (number,), why


def digits(count: int) -> st.SearchStrategy[str]:
    return st.integers(0, 10**count - 1).map(lambda number: f"{number:0{count}}")


numbers = st.one_of(
    st.tuples(st.sampled_from(["5561", "55619", "5511", "55119", "5501"]), digits(8)),
    st.tuples(st.sampled_from(["52", "521", "5255", "52155"]), digits(10) | digits(8)),
    st.tuples(
        st.sampled_from(["549", "54", "5411", "54911", "541115", "5434315", "54343515", "5415"]), digits(10) | digits(8)
    ),
    st.tuples(st.sampled_from(["5434315", "54343515", "54151515"]), digits(7) | digits(6)),
    st.tuples(st.sampled_from(["242", "216", "1"]), digits(9)),
).map("".join)


@settings(max_examples=60)
@given(numbers)
def test_being_the_same_number_goes_both_ways_and_all_ways(number: str) -> None:
    family = spellings(number)

    assert len(set(family)) == len(family)
    for one in family:
        assert set(spellings(one)) == set(family)


@settings(max_examples=60)
@given(numbers, numbers)
def test_two_numbers_are_one_only_where_they_share_their_last_six_digits(a: str, b: str) -> None:
    assert same_number(a, b) == same_number(b, a)
    assert not same_number(a, b) or a[-6:] == b[-6:]


@given(st.text(max_size=20))
def test_any_text_is_a_spelling_of_itself(text: str) -> None:
    assert spellings(text)[0] == text
    assert same_number(text, text)
