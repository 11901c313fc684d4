"""What happened in a turn is read from the events of whichever bot."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.review.facts import Done, Entity, Facts, Guess, facts_of
from conversations.review.stamps import first_stamp_at, stamp_of
from storage.types import new_id
from tests.conversations.review.events import action, bot, slot, user

WORDS = {"kind": "words", "text": "où est mon colis COUR-1"}


def test_a_turn_tells_what_was_meant_and_done() -> None:
    facts = facts_of(
        WORDS,
        [
            slot("session", "1"),
            user("où est mon colis COUR-1", "track_delivery", 0.91, code="COUR-1"),
            slot("shown_delivery", "COUR-1"),
            action("action_track_delivery", at=1.25),
            bot("Votre colis est en route."),
            action("action_listen", at=1.3),
        ],
    )

    assert facts == Facts(
        text="où est mon colis COUR-1",
        intent="track_delivery",
        confidence=0.91,
        ranking=[Guess(intent="track_delivery", confidence=0.91), Guess(intent="greet", confidence=0.05)],
        entities=[Entity(name="code", value="COUR-1", start=None, end=None, extractor="CodeExtractor")],
        actions=[Done(name="action_track_delivery", policy="RulePolicy", took_ms=250, failed=None)],
        slots=[("shown_delivery", "COUR-1")],
        language="fr",
        line_language="fr",
    )


def test_the_fallback_is_told_with_how_likely_the_best_meaning_was() -> None:
    event = user("asdf", "nlu_fallback", 0.55, others={"greet": 0.3})
    facts = facts_of({"kind": "words", "text": "asdf"}, [event, action("action_default_fallback", at=1.1)])

    assert (facts.intent, facts.confidence, facts.is_fallback) == ("nlu_fallback", 0.3, True)


def test_in_a_form_words_without_a_meaning_are_an_answer() -> None:
    event = user("12 rue des Palmiers", "nlu_fallback", 0.55)
    facts = facts_of({"kind": "words", "text": "12 rue des Palmiers"}, [event, action("parcel_form", at=1.1)])

    assert not facts.is_fallback


def test_an_action_that_failed_is_told_by_its_error() -> None:
    failing = action("action_track_delivery", at=2.0) | {"metadata": {"relais_failed": "TimeoutError"}}

    assert facts_of(WORDS, [user("x", "greet", 0.9), failing]).actions[0].failed == "TimeoutError"


@pytest.mark.parametrize(
    ("turn_input", "text"),
    [
        ({"kind": "reply", "token": "t", "title": "Suivre"}, "Suivre"),
        ({"kind": "file", "caption": "cassé"}, "cassé"),
        ({"kind": "voice"}, "ce que la voix dit"),
        ({"kind": "place", "latitude": 1.0, "longitude": 2.0}, ""),
        ({"kind": "canned", "key": "cannot_read"}, ""),
    ],
)
def test_what_was_said_is_told_whatever_it_came_as(turn_input: dict[str, Any], text: str) -> None:
    assert facts_of(turn_input, [user("ce que la voix dit", "greet", 0.9)]).text == text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
members = ("event", "name", "value", "text", "parse_data", "metadata", "timestamp", "policy")
parse_data = st.fixed_dictionaries(
    {},
    optional={"intent": json_values, "intent_ranking": json_values, "entities": json_values, "language": json_values},
)
kinds = st.sampled_from(["user", "bot", "slot", "action", "active_loop"]) | json_values
any_event = st.fixed_dictionaries(
    {}, optional={name: json_values for name in members} | {"event": kinds, "parse_data": parse_data | json_values}
)


@given(st.lists(any_event, max_size=5))
def test_whatever_a_bot_tells_is_read(events: list[dict[str, Any]]) -> None:
    facts = facts_of(WORDS, events)

    assert facts.text == WORDS["text"]
    assert all(isinstance(each.name, str) for each in facts.entities)
    assert all(isinstance(each.name, str) for each in facts.actions)


def test_stamps_are_in_the_order_of_the_moments() -> None:
    ids = sorted(new_id() for _ in range(100))
    stamps = [stamp_of(each) for each in ids]

    assert stamps == sorted(stamps)
    assert all(0 < stamp < 2**63 for stamp in stamps)


def test_a_stamp_knows_its_moment() -> None:
    now = datetime.now(UTC)
    stamp = stamp_of(new_id())

    assert first_stamp_at(now - timedelta(seconds=1)) <= stamp < first_stamp_at(now + timedelta(seconds=60))
