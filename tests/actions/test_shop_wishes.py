"""What people want, read out of what they write: words to search for, how many, with what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.shop.matching import category_of, covers, is_like, translated
from actions.shop.promo import read_code
from actions.shop.wishes import MAX_WISHES, Wish, read_answer, read_wishes
from trade.merchants import Category

KINDS = [
    Category(id="restaurants", name="Restaurants"),
    Category(id="pharmacies", name="Pharmacies"),
    Category(id="boulangeries", name="Boulangeries et pâtisseries"),
]


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("je veux 2 poulets mayo", [("poulets mayo", 2)]),
        ("deux pizzas reine et un coca", [("pizzas reine", 2), ("coca", 1)]),
        ("2 poulets 1 coca", [("poulets", 2), ("coca", 1)]),
        ("2x poulet mayo", [("poulet mayo", 2)]),
        ("poulet mayo x3 svp", [("poulet mayo", 3)]),
        ("poulet mayo, chikwangue + lait", [("poulet mayo", None), ("chikwangue", None), ("lait", None)]),
        ("Avez-vous du lait ?", [("lait", None)]),
        ("c'est combien le poulet ?", [("poulet", None)]),
        ("mets moi 3 bouteilles d'eau stp", [("eau", 3)]),
        ("je prends 3 kg de riz", [("riz", None)]),
        ("eau, le pack de 6", [("eau", None), ("pack", None)]),
        ("un poulet à 2500 f", [("poulet", 1)]),
        ("500 poulets", [("poulets", 500)]),
        ("vingt-cinq beignets", [("beignets", 25)]),
        ("quatre-vingt-dix beignets", [("beignets", 90)]),
        ("une demi-douzaine d'œufs", [("œufs", 6)]),
        ("du thé", [("thé", None)]),
        ("gimme two chicken mayo and a juice", [("chicken mayo", 2), ("juice", 1)]),
        ("y a du coca", [("coca", None)]),
        ("I'd like three soaps please", [("soaps", 3)]),
        ("un poulet mayo avec deux jus", [("poulet mayo", 1), ("jus", 2)]),
        ("un poulet sans piment", [("poulet", 1)]),
        ("j'en prends deux", [("", 2)]),
        ("vous vendez quoi ?", []),
        ("show me your products", []),
        ("🍗🍗", []),
    ],
)
def test_a_wish_is_its_words_and_its_number(text: str, wishes: list[tuple[str, int | None]]) -> None:
    assert [(wish.words, wish.quantity) for wish in read_wishes(text)] == wishes


def test_what_it_comes_with_and_its_size_are_told_apart() -> None:
    assert read_wishes("un poulet mayo avec du riz") == (Wish(words="poulet mayo", quantity=1, extras="riz"),)
    assert read_wishes("2 riz 5kg") == (Wish(words="riz", quantity=2, size="5 kg"),)


def test_an_answer_may_be_a_number_with_something_else_behind_it() -> None:
    assert [(wish.words, wish.quantity) for wish in read_answer("trois, et deux poulets")] == [("", 3), ("poulets", 2)]


PIECES = st.sampled_from(["2", "x", "et", "de", "un", "kg", "500", "f", "avec", "sans", "poulet", ",", "douzaine", "a"])


@given(st.text(max_size=200) | st.lists(PIECES).map(" ".join))
def test_any_text_can_be_read(text: str) -> None:
    wishes = read_wishes(text)

    assert len(wishes) <= MAX_WISHES
    for wish in wishes:
        assert wish.quantity is None or 0 <= wish.quantity < 10**9
        assert wish.words or len(wishes) == 1


@given(st.integers(0, 99), st.sampled_from(["poulet mayo", "chikwangue", "savon d'alep"]))
def test_a_number_before_or_behind_the_words_is_how_many(count: int, words: str) -> None:
    for text in (f"je veux {count} {words} svp", f"{words} x{count}", f"{count}x {words}"):
        (wish,) = read_wishes(text)
        assert wish.quantity == count, text


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_can_be_compared(words: str, text: str) -> None:
    assert covers(words, text) in (True, False)
    assert is_like(words or "a", words or "a")
    assert isinstance(translated(words), str)


@pytest.mark.parametrize(
    ("words", "text", "is_meant"),
    [
        ("poulets mayo", "Poulet Mayo", True),
        ("poulé mayo", "Poulet Mayo", True),
        ("sakasaka", "Saka-saka au poisson fumé", True),
        ("broch", "Brochettes de bœuf", True),
        ("boeuf", "Brochettes de bœuf", True),
        ("riz", "Prix du jour", False),
        ("pizza reine", "Poulet Mayo", False),
        ("poulet frit", "Poulet Mayo", False),
        ("coca", "Gâteau coco", False),
        ("boisson", "Poisson braisé", False),
        ("moustikaire", "Moustiquaire imprégnée", True),
        ("eaux", "Eau minérale, pack de 6", True),
        ("", "Poulet Mayo", False),
    ],
)
def test_words_mean_what_holds_them_all_typos_forgiven(words: str, text: str, is_meant: bool) -> None:
    assert covers(words, text) is is_meant


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("manger", "restaurants"),
        ("resto", "restaurants"),
        ("food", "restaurants"),
        ("pharmacie", "pharmacies"),
        ("médicaments", "pharmacies"),
        ("bakery", "boulangeries"),
        ("poulet", None),
        ("manger poulet", None),
    ],
)
def test_a_kind_of_shop_is_known_by_what_one_wants_of_it(words: str, kind: str | None) -> None:
    found = category_of(words, KINDS)

    assert (found and found.id) == kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mon code promo c'est BIENVENUE", "BIENVENUE"),
        ("j'ai un code promo bienvenue10", "BIENVENUE10"),
        ("appliquez le code NOEL2024 svp", "NOEL2024"),
        ("le code promo est marhaba", "MARHABA"),
        ("J'AI UN CODE PROMO SVP", None),
        ("j'ai un code promo", None),
        ("code promo", None),
    ],
)
def test_a_promo_code_is_found_where_it_is_named(text: str, code: str | None) -> None:
    assert read_code(text) == code


def test_where_a_code_was_asked_for_any_single_word_is_one() -> None:
    assert read_code("bienvenue", is_asked=True) == "BIENVENUE"
    assert read_code("je ne sais plus", is_asked=True) is None
