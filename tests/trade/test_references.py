"""References of mobile money, read from what people copy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade.references import MAX_REFERENCE, read_reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("MP250127.1015.C04417", "MP250127.1015.C04417"),
        ("la référence : mp250127.1015.c04417.", "MP250127.1015.C04417"),
        ("4417 8812 03", "4417881203"),
        ("c'est 88213 merci", "88213"),
        ("88213 oui 88213", "88213"),
    ],
)
def test_one_word_that_can_be_a_reference_is_one(text: str, reference: str) -> None:
    assert read_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    ["", "c'est fait", "123", "88213 ou 88214", "COUR-20250127-061", "CMD-20250127-012", "1" * 65],
)
def test_no_word_or_several_are_none(text: str) -> None:
    assert read_reference(text) is None


@given(st.text(max_size=200))
def test_whatever_is_typed_the_contract_can_carry_what_was_read(text: str) -> None:
    reference = read_reference(text)

    assert reference is None or (
        reference.isascii() and 4 <= len(reference) <= MAX_REFERENCE and reference[0].isalnum()
    )
