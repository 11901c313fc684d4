"""How many stars somebody gives."""

import pytest

from relais_bot.components.stars import find_score


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5 étoiles", "5"),
        ("je mets 3", "3"),
        ("je lui donne une note de 4/5", "4"),
        ("4 sur 5", "4"),
        ("cinq étoiles !", "5"),
        ("I'd give him 2 stars", "2"),
        ("four out of five", "4"),
        ("⭐⭐⭐", "3"),
        ("5", "5"),
        ("deux", "2"),
        ("12", "12"),
        ("0 star", "0"),
    ],
)
def test_the_score_is_found(text: str, score: str) -> None:
    assert [entity["value"] for entity in find_score(text)] == [score]


@pytest.mark.parametrize("text", ["bonjour", "2 poulets", "j'ai commandé 3 articles", "10/10", "06 12 34 56 78"])
def test_other_numbers_are_no_score(text: str) -> None:
    assert find_score(text) == []
