"""Lines that somebody should look at: not understood, or only just."""

import pytest

from conversations.review.facts import facts_of
from conversations.review.unsure import is_unsure, uncertainty
from tests.conversations.review.events import action, user


@pytest.mark.parametrize(
    ("events", "unsure"),
    [
        ([user("hm", "nlu_fallback", 0.55, others={"greet": 0.3})], True),
        ([user("colis", "track", 0.9)], False),
        ([user("colis", "track", 0.6)], True),
        ([user("colis", "track", 0.75, others={"greet": 0.6})], True),
        ([user("météo", "out_of_scope", 0.95, others={"greet": 0.1})], False),
        ([user("météo", "out_of_scope", 0.6, others={"greet": 0.1})], True),
        ([user("/track", "track", 0.5)], False),
        ([], False),
        # Answers to a form are names and addresses.
        ([user("rue 12", "nlu_fallback", 0.5, others={"greet": 0.2}), action("parcel_form")], False),
        ([user("rue", "nlu_fallback", 0.5), action("action_default_fallback"), action("parcel_form")], True),
    ],
)
def test_which_lines_those_are(events: list[dict[str, object]], unsure: bool) -> None:
    text = str(events[0]["text"]) if events else "hm"
    assert is_unsure(facts_of({"kind": "words", "text": text}, events)) is unsure


def test_what_was_not_understood_is_less_certain_than_what_was_understood_badly() -> None:
    assert uncertainty(0.3, 0.05, is_fallback=True) > uncertainty(0.6, 0.05, is_fallback=False)
    assert uncertainty(0.6, 0.05, is_fallback=False) > uncertainty(0.6, 0.4, is_fallback=False)
    assert 0 <= uncertainty(None, None, is_fallback=False) <= 1
