"""Text is cut and split where a reader would, whatever the script."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.cutting import cut, cut_titles, split
from channels.whatsapp.limits import length

FAMILY = "👨‍👩‍👧‍👦"
ACCENTED = "e\u0301"
sendable = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
scripts = st.lists(
    st.sampled_from(["a", "é", ACCENTED, "😀", FAMILY, "🇨🇬", "مُ", "नि", "각", " ", "\n", "\n\n", ". ", "\u00a0"]),
    max_size=60,
).map("".join)


def graphemes(text: str) -> list[str]:
    found: list[str] = regex.findall(r"\X", text)
    return found


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("Oui", 20, "Oui"),
        ("Suivre ma livraison!", 20, "Suivre ma livraison!"),
        ("Suivre ma livraison !", 20, "Suivre ma livraison…"),
        ("Suivre ma  livraison", 11, "Suivre ma…"),
        (ACCENTED * 10, 10, ACCENTED * 4 + "…"),
        (FAMILY * 2, 20, FAMILY + "…"),
        ("🇨🇬🇹🇳🇫🇷", 10, "🇨🇬🇹🇳…"),
        ("مُمُمُ", 5, "مُمُ…"),
        (FAMILY, 5, "…"),
    ],
)
def test_a_title_is_cut_between_characters(text: str, most: int, expected: str) -> None:
    assert cut(text, most) == expected


@given(scripts | sendable, st.integers(1, 30))
def test_a_cut_fits_and_breaks_no_character(text: str, most: int) -> None:
    made = cut(text, most)

    assert length(made) <= most
    if made != text:
        kept = made.removesuffix("…")
        assert graphemes(text)[: len(graphemes(kept))] == graphemes(kept)


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["Oui", "Non"], ["Oui", "Non"]),
        (["Oui", "Oui", "Oui"], ["Oui", "Oui 2", "Oui 3"]),
        (
            ["Livrer au 10 Avenue de la Paix", "Livrer au 10 Avenue de la Gare"],
            ["Livrer au 10 Avenue…", "Livrer au 10 Aven… 2"],
        ),
        (["Oui 2", "Oui", "Oui"], ["Oui 2", "Oui", "Oui 3"]),
    ],
)
def test_titles_that_would_read_the_same_are_numbered(titles: list[str], expected: list[str]) -> None:
    assert cut_titles(titles, 20) == expected


@given(st.lists(scripts.map(str.strip).filter(bool), max_size=12))
def test_titles_always_fit_and_differ(titles: list[str]) -> None:
    made = cut_titles(titles, 20)

    assert len(set(made)) == len(made) == len(titles)
    assert all(0 < length(title) <= 20 for title in made)


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("", 10, []),
        ("  \n ", 10, []),
        ("Bonjour", 10, ["Bonjour"]),
        ("Un deux.\nTrois.\n\nQuatre cinq.", 20, ["Un deux.\nTrois.", "Quatre cinq."]),
        ("Un deux.\nTrois quatre.", 14, ["Un deux.", "Trois quatre."]),
        ("Un. Deux ! Trois quatre", 14, ["Un. Deux !", "Trois quatre"]),
        ("*Un.* Deux trois", 12, ["*Un.*", "Deux trois"]),
        ("نعم؟ لا أعرف", 9, ["نعم؟", "لا أعرف"]),
        ("un deux trois", 8, ["un deux", "trois"]),
        ("8\u00a0000\u00a0FCFA pour vous", 12, ["8\u00a0000\u00a0FCFA", "pour vous"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        (ACCENTED * 3, 5, [ACCENTED * 2, ACCENTED]),
        ("abcd efgh", 4, ["abcd", "efgh"]),
    ],
)
def test_a_body_is_split_at_paragraph_line_sentence_word_then_character(
    text: str, most: int, expected: list[str]
) -> None:
    assert split(text, most) == expected


@given(scripts | sendable, st.integers(12, 40))
def test_parts_fit_and_lose_nothing_but_the_space_between_them(text: str, most: int) -> None:
    parts = split(text, most)

    assert all(0 < length(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_single_character_longer_than_a_message_is_cut_through() -> None:
    assert split("a" + "\u0301" * 9, 5) == ["a" + "\u0301" * 4, "\u0301" * 5]
