"""A yes that no form was waiting for."""

import pytest

from actions.affirming import CONFIRMED, Affirm
from actions.people import PeopleClient
from actions.questions import CONFIRMING, REMINDED
from backend import BackendClient
from tests.actions.rasa import DOMAIN, play, said_by_person, tapped, tracker

YES = said_by_person("affirm")


async def test_a_yes_to_no_question_asks_what_is_wanted(people: PeopleClient, backend: BackendClient) -> None:
    assert (await play(Affirm(people, backend), tracker(YES))).names == ["utter_affirm"]


@pytest.mark.parametrize("form", ["parcel_form", "tracking_form"])
async def test_a_yes_in_the_middle_of_the_questions_puts_the_next_one(
    people: PeopleClient, backend: BackendClient, form: str
) -> None:
    played = await play(Affirm(people, backend), tracker(YES, form=form))

    assert played.said == []
    assert played.next_action == form


def test_every_button_that_confirms_something_is_known_to_the_questions() -> None:
    assert CONFIRMED.keys() == CONFIRMING | {REMINDED}


@pytest.mark.parametrize("entity", [entity for entity in CONFIRMED if entity.endswith("_summary")])
async def test_a_button_whose_summary_is_forgotten_confirms_nothing(
    people: PeopleClient, backend: BackendClient, entity: str
) -> None:
    assert entity in DOMAIN["entities"]

    played = await play(Affirm(people, backend), tracker(said_by_person("affirm", **{entity: "0190-forgotten"})))

    assert [name for name in played.names if name and name.endswith("_gone")] == played.names != []


async def test_a_yes_to_a_push_answers_no_question_that_was_put_before_it(
    people: PeopleClient, backend: BackendClient
) -> None:
    yes = tapped("affirm", "oui", delivery_code="COUR-20250127-068")
    before = [{"event": "user", "text": "supprimez mes données", "message_id": "before"}]
    question = {"turn": "before", "topic": "deletion"}

    assert (await play(Affirm(people, backend), tracker(yes, before=before, question=question))).names == [
        "utter_affirm"
    ]
