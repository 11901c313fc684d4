"""How many stars somebody gives."""

import pytest

from relais_bot.components.stars import find_opinion, find_score


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


@pytest.mark.parametrize("text", ["nice driver", "très gentil le livreur", "Bof bof", "the food was cold", "c nul"])
def test_a_few_words_that_judge_are_an_opinion(text: str) -> None:
    assert [entity["value"] for entity in find_opinion(text)] == [text]


@pytest.mark.parametrize("text", ["où est mon colis", "is the driver nice?", "appeler le livreur", "c'est bon"])
def test_what_asks_or_only_tells_is_none(text: str) -> None:
    assert find_opinion(text) == []
