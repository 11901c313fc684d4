"""The lines that teach most come first: uncertain, and unlike each other; those that are nearly the same are one."""

from hypothesis import given
from hypothesis import strategies as st

from conversations.review.corrections.diverse import Doubt, ordered


def doubts(*said: tuple[str, float]) -> list[Doubt]:
    return [Doubt(key=str(place), text=text, uncertainty=unsure) for place, (text, unsure) in enumerate(said)]


def keys(found: list[Doubt], most: int = 9) -> list[list[str]]:
    return [list(group.keys) for group in ordered(found, most)]


def test_lines_that_are_nearly_the_same_are_one() -> None:
    said = doubts(
        ("où est mon colis", 0.5),
        ("OU EST MON COLIS ???", 0.9),
        ("je veux payer", 0.4),
        ("où est mon coli", 0.3),
        ("je ne veux pas payer", 0.4),
        ("👍", 0.05),
        ("👍👍", 0.05),
    )
    assert keys(said) == [["1", "0", "3"], ["2"], ["4"], ["5"], ["6"]]


def test_what_is_like_what_stands_before_comes_later() -> None:
    said = doubts(("livraison à talangai demain", 0.9), ("livraison à talangai ce soir", 0.85), ("bonjour", 0.6))
    assert keys(said) == [["0"], ["2"], ["1"]]
    assert keys(said, 2) == [["0"], ["2"]]


@given(st.lists(st.tuples(st.text(max_size=12), st.floats(0, 1)), max_size=30), st.integers(0, 30))
def test_every_line_is_in_one_group(said: list[tuple[str, float]], most: int) -> None:
    found = doubts(*said)
    everything = keys(found, len(found))
    assert sorted(key for group in everything for key in group) == sorted(each.key for each in found)
    assert keys(found, most) == everything[:most]
