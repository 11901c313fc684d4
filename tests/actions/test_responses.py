"""What the assistant says, as far as `relais lint` (tests/server/test_lint.py) does not hold it already."""

import pytest

from tests.actions.rasa import variations


@pytest.mark.parametrize("name", ["utter_greet", "utter_goodbye", "utter_thanks", "utter_out_of_scope"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_said_often_is_not_always_said_the_same_way(name: str, language: str) -> None:
    texts = {variation["text"] for variation in variations(name, {"language": language})}

    assert len(texts) >= 3
