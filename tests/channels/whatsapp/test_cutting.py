"""Text is cut and split where a reader would, whatever the script."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.cutting import Cut, Cuts, cut, cut_titles, split, split_off_the_end
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
    # A style that goes on in the next part is closed and opened again.
    assert bare("".join(parts)) == bare(text)


def bare(text: str) -> str:
    return "".join(sign for sign in text if not sign.isspace() and sign not in "*_~`")


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("*un deux trois*", 12, ["*un deux*", "*trois*"]),
        ("_*un deux* trois_", 14, ["_*un deux*_", "_trois_"]),
        ("~un *deux trois*~ quatre", 12, ["~un *deux*~", "~*trois*~", "quatre"]),
        ("```un deux\ntrois```", 16, ["```un deux```", "```trois```"]),
        ("`un deux trois`", 12, ["`un deux`", "`trois`"]),
        ("*un deux*\n_trois_", 12, ["*un deux*", "_trois_"]),
        ("*un deux", 5, ["*un", "deux"]),
        ("2 * 3 = 6 * 1", 8, ["2 * 3 =", "6 * 1"]),
        ("*مرحبا بكم في*", 10, ["*مرحبا*", "*بكم في*"]),
        ("*🇨🇬🇹🇳🇫🇷*", 12, ["*🇨🇬🇹🇳*", "*🇫🇷*"]),
        ("*abcd*", 3, ["*a*", "*b*", "*c*", "*d*"]),
        ("*abcd*", 2, ["*a", "bc", "d*"]),
    ],
)
def test_a_style_goes_on_in_the_next_part(text: str, most: int, expected: list[str]) -> None:
    assert split(text, most) == expected


@given(st.lists(st.sampled_from(["*", "_", "~", "```", "`", "ab", "é", FAMILY, "م", " ", "\n", ". "]), max_size=60))
def test_parts_with_styles_fit_and_lose_no_word(pieces: list[str]) -> None:
    text = "".join(pieces)
    parts = split(text, 14)

    assert all(0 < length(part) <= 14 for part in parts)
    assert bare("".join(parts)) == bare(text)


@given(scripts | sendable, st.integers(12, 40))
def test_the_last_part_can_be_split_off_alone(text: str, most: int) -> None:
    ahead, end = split_off_the_end(text, most)

    assert [end] == (split(text, most) or [""])[-1:]
    assert bare(ahead + end) == bare(text)


def test_what_goes_ahead_of_the_last_part_stays_whole() -> None:
    assert split_off_the_end("*un deux* trois *quatre cinq*", 14) == ("*un deux* trois *quatre*", "*cinq*")


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("_un deux_", 9, "_un deux_"),
        ("_un deux trois_", 9, "_un deu…_"),
        ("*_un deux trois_*", 10, "*_un de…_*"),
        ("un _deux_ trois", 12, "un _deux_ t…"),
    ],
)
def test_a_cut_within_a_style_closes_it(text: str, most: int, expected: str) -> None:
    cuts = Cuts()

    assert cuts.body("subtitle", text, most) == expected
    assert cuts.made == ([] if text == expected else [Cut(field="subtitle", length=length(text), limit=most)])


def test_a_single_character_longer_than_a_message_is_cut_through() -> None:
    assert split("a" + "\u0301" * 9, 5) == ["a" + "\u0301" * 4, "\u0301" * 5]
