"""Asking for a code: what counts as one, and when to stop asking."""

from typing import Any

import pytest

from actions.people import PeopleClient
from actions.tracking import TrackDelivery, ValidateTrackingForm
from backend import BackendClient
from tests.actions.rasa import Played, play, said_by_person, tracker, variations

CODE = "COUR-20250127-061"
FORGOTTEN = {"delivery_code": None, "code_problem": "none", "code_attempts": 0}


async def validate(value: str | None, message: dict[str, Any], **slots: Any) -> Played:
    """Hand Rasa's candidate for the slot to the form."""
    conversation = tracker(message, "aline", **slots)
    conversation.events.append({"event": "slot", "name": "delivery_code", "value": value})
    return await play(ValidateTrackingForm(), conversation)


async def test_a_code_found_in_the_message_is_taken() -> None:
    played = await validate(CODE, said_by_person(delivery_code=CODE))

    assert played.slots == {"delivery_code": CODE, "code_problem": "none"}


@pytest.mark.parametrize(
    ("text", "intent"), [("12345", "track_delivery"), ("COUR-2025-1", "track_delivery"), ("kjhg", "nlu_fallback")]
)
async def test_what_is_no_code_is_asked_for_again(text: str, intent: str) -> None:
    played = await validate(text, said_by_person(intent, text=text))

    assert played.slots == {"delivery_code": None, "code_problem": "unreadable", "code_attempts": 1}


async def test_the_second_unreadable_code_ends_the_form() -> None:
    played = await validate("12345", said_by_person(text="12345"), code_attempts=1)

    assert played.slots["code_problem"] == "given_up"
    assert played.slots["requested_slot"] is None


async def test_asking_where_the_parcel_is_once_more_is_no_attempt() -> None:
    text = "où est mon colis"

    played = await validate(text, said_by_person(text=text), code_attempts=1)

    assert played.slots == {"delivery_code": None, "code_problem": "none"}


async def test_a_slot_emptied_by_an_action_is_no_attempt() -> None:
    played = await validate(None, said_by_person())

    assert played.slots == {"delivery_code": None}


async def test_a_code_that_exists_is_shown_and_the_form_forgotten(people: PeopleClient, backend: BackendClient) -> None:
    track = TrackDelivery(people, backend)

    played = await play(track, tracker(said_by_person(delivery_code=CODE), delivery_code=CODE, code_attempts=1))

    assert CODE in played.text
    assert played.slots == FORGOTTEN | {"shown_delivery": CODE}


async def test_an_unknown_code_is_asked_for_again(people: PeopleClient, backend: BackendClient) -> None:
    played = await play(TrackDelivery(people, backend), tracker(said_by_person(), "aline", delivery_code=CODE))

    assert played.said == []
    assert played.slots == {"delivery_code": None, "code_problem": "unknown", "code_attempts": 1}
    assert played.next_action == "tracking_form"


@pytest.mark.parametrize(
    "slots", [{"delivery_code": CODE, "code_attempts": 1}, {"code_problem": "given_up", "code_attempts": 1}]
)
async def test_after_two_wrong_codes_there_are_buttons_instead(
    people: PeopleClient, backend: BackendClient, slots: dict[str, Any]
) -> None:
    played = await play(TrackDelivery(people, backend), tracker(said_by_person(), "aline", **slots))

    assert played.names == ["utter_code_given_up"]
    assert played.titles == ["Parler à l'équipe", "Mes livraisons", "Menu"]
    assert played.slots == FORGOTTEN


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("problem", ["none", "unreadable", "unknown"])
def test_the_question_for_the_code_says_what_was_wrong(language: str, problem: str) -> None:
    slots = {"language": language, "code_problem": problem}

    assert len(variations("utter_ask_tracking_form_delivery_code", slots)) == 1
