"""What a message filled into the slots of a form which does not look at it, because something else answers."""

from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from relais_bot.unchecked import unchecked_answers

PROJECT = Path(__file__).parent / "project"
MESSAGE = [ActionExecuted("action_listen"), UserUttered("in english", {"name": "change_language"})]
REJECTED = ActionExecutionRejected("refund_form")


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(PROJECT / "domain.yml")


def talk(domain: Domain, *events: Event) -> DialogueStateTracker:
    """In the middle of the form."""
    begun = [SessionStarted(), ActiveLoop("refund_form"), SlotSet("requested_slot", "reason")]
    tracker = DialogueStateTracker("sender-1", domain.slots)
    tracker.update_with_events([*begun, *events], domain)
    return tracker


def test_a_rule_that_answers_takes_them_out_again(domain: Domain) -> None:
    tracker = talk(domain, *MESSAGE, SlotSet("reason", "in english"), REJECTED)

    assert unchecked_answers(tracker, domain) == [SlotSet("reason", None)]


def test_what_was_taken_before_comes_back(domain: Domain) -> None:
    taken = [SlotSet("reason", "it was late"), SlotSet("business_name", "Kimia")]
    tracker = talk(domain, *taken, *MESSAGE, SlotSet("reason", "in english"), REJECTED, SlotSet("reason", None))

    assert unchecked_answers(tracker, domain) == [SlotSet("reason", "it was late")]


def test_nothing_comes_back_from_the_session_before(domain: Domain) -> None:
    new_session = [SessionStarted(), ActiveLoop("refund_form")]
    tracker = talk(domain, SlotSet("reason", "old"), *new_session, *MESSAGE, SlotSet("reason", "in english"))

    assert unchecked_answers(tracker, domain) == [SlotSet("reason", None)]


@pytest.mark.parametrize(
    "filled",
    [
        [SlotSet("delivery_code", "COUR-20250127-061")],  # that means something without the form, too
        [SlotSet("reason", "taken"), ActionExecuted("refund_form")],  # it has looked
        [],
    ],
)
def test_everything_else_stays(domain: Domain, filled: list[Event]) -> None:
    assert unchecked_answers(talk(domain, *MESSAGE, *filled), domain) == []


def test_without_a_form_nothing_is_anybodys_answer(domain: Domain) -> None:
    tracker = talk(domain, ActiveLoop(None), *MESSAGE, SlotSet("reason", "in english"))

    assert unchecked_answers(tracker, domain) == []
