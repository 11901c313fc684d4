"""Text of others stays one harmless line, cut only between graphemes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade.markup import plain, shorten


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Marie Okemba", "Marie Okemba"),
        ("N’Goma-Élise d'Ornano", "N’Goma-Élise d'Ornano"),
        ("*Marie* _Okemba_", "∗Marie∗ ˍOkembaˍ"),
        ("~`Marie`~", "∼’Marie’∼"),
        ("Marie\n\n*💰 VALEUR*\r\n0 FCFA", "Marie ∗💰 VALEUR∗ 0 FCFA"),
        ("Marie\u2028Okemba\u2029", "Marie Okemba"),
        ("\u202eabmekO eiraM\u202c", "abmekO eiraM"),
        ("\u2067Marie\u2069\u200e\u200f\ufeff\u00ad", "Marie"),
        ("a\x00b\x1bc", "a b c"),
        ("  Marie \t  Okemba  ", "Marie Okemba"),
        ("> cited", "› cited"),
        ("- bullet", "‐ bullet"),
        ("👩‍👧 family", "👩‍👧 family"),
        ("\u200d\u200c", ""),
        ("مريم العيادي", "مريم العيادي"),
    ],
)
def test_text_of_others_is_made_harmless_and_stays_readable(text: str, safe: str) -> None:
    assert plain(text) == safe


@given(st.text(max_size=300))
def test_no_text_keeps_a_marker_a_line_break_or_a_control(text: str) -> None:
    safe = plain(text)

    assert not set(safe) & set("*_~`\n\r\u2028\u2029")
    assert all(unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} for character in safe)
    assert all(unicodedata.bidirectional(character) not in BIDI_CONTROLS for character in safe)
    assert plain(safe) == safe


BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Avenue", 6, "Avenue"),
        ("Avenue", 5, "Aven…"),
        ("10 Avenue", 4, "10…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("👩‍👧👩‍👧", 9, "👩‍👧…"),
        ("🇨🇬🇹🇳🇨🇬", 9, "🇨🇬🇹🇳…"),
        ("👍🏿👍🏿", 5, "👍🏿…"),
    ],
)
def test_text_is_cut_between_graphemes(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_cut_text_never_passes_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit).encode("utf-16-le", "surrogatepass")) // 2 <= limit
