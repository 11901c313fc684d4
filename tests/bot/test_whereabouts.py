"""Whether somebody asks where the courier is."""

import pytest

from relais_bot.components.whereabouts import find_whereabouts


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("où est le livreur ?", True),
        ("ou en est mon livreur svp", True),
        ("le livreur est où", True),
        ("il est ou mon livreur", True),
        ("Where's my driver?", True),
        ("where is the delivery guy", True),
        ("position du livreur", True),
        ("où est mon colis", False),
        ("je veux payer ou appeler le livreur", False),
        ("the driver was rude", False),
    ],
)
def test_the_question_is_found(text: str, is_asked: bool) -> None:
    assert bool(find_whereabouts(text)) == is_asked
