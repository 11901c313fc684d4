"""What people search for is found without accents and capitals, in any script, and only at the beginning of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.review.words import as_kept, asked, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Où est mon COLIS ?", ["ou", "est", "mon", "colis"]),
        ("l'œuvre d’art, ça va…", ["l", "oeuvre", "d", "art", "ca", "va"]),
        ("COUR-20250127-061", ["cour", "20250127", "061"]),
        ("Straße ½", ["strasse", "1", "2"]),
        ("📦🙂", []),
        ("", []),
    ],
)
def test_words_are_what_a_reader_would_type(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=40))
def test_words_are_made_of_nothing_a_database_reads_in_its_own_way(text: str) -> None:
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words_of(text))
    assert as_kept(text).split() == words_of(text)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=12), st.integers(1, 12))
def test_the_beginning_of_a_word_is_the_beginning_of_what_is_kept(word: str, length: int) -> None:
    for beginning in asked(word[:length])[:1]:
        assert f" {beginning}" in as_kept(word)
