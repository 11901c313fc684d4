"""Length is the larger of code points and UTF-16 units, whatever the script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.limits import length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 2),
        ("😀", 2),
        ("🇨🇬", 4),
        ("👨‍👩‍👧‍👦", 11),
        ("مرحبا", 5),
        ("مُ", 2),
        ("\ud83d", 1),
    ],
)
def test_length_of(text: str, expected: int) -> None:
    assert length(text) == expected


@given(st.text())
def test_length_is_never_less_than_code_points_or_utf_16_units(text: str) -> None:
    assert length(text) == max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)
