"""Asking for a code: what counts as one, and when to stop asking."""

from typing import Any

import pytest

from actions.people import PeopleClient
from actions.tracking import TrackDelivery, ValidateTrackingForm
from backend import BackendClient
from tests.actions.people import SmallServer
from tests.actions.rasa import Played, play, said_by_person, tapped, tracker, variations

CODE = "COUR-20250127-061"
FORGOTTEN = {"delivery_code": None, "code_problem": "none", "code_attempts": 0}


async def validate(people: PeopleClient, value: str | None, message: dict[str, Any], **slots: Any) -> Played:
    """Hand Rasa's candidate for the slot to the form."""
    conversation = tracker(message, "aline", form="tracking_form", requested_slot="delivery_code", **slots)
    conversation.events.append({"event": "slot", "name": "delivery_code", "value": value})
    return await play(ValidateTrackingForm(people), conversation)


async def test_a_code_found_in_the_message_is_taken(people: PeopleClient) -> None:
    played = await validate(people, CODE, said_by_person(delivery_code=CODE))

    assert played.slots == {"delivery_code": CODE, "code_problem": "none"}


@pytest.mark.parametrize(
    ("text", "intent"), [("12345", "track_delivery"), ("COUR-2025-1", "track_delivery"), ("kjhg", "nlu_fallback")]
)
async def test_what_is_no_code_is_asked_for_again(people: PeopleClient, text: str, intent: str) -> None:
    played = await validate(people, text, said_by_person(intent, text=text))

    assert played.slots == {"delivery_code": None, "code_problem": "unreadable", "code_attempts": 1}


async def test_asking_where_the_parcel_is_once_more_is_no_attempt(people: PeopleClient) -> None:
    text = "où est mon colis"

    played = await validate(people, text, said_by_person(text=text), code_attempts=1)

    assert played.slots == {"delivery_code": None, "code_problem": "none"}


async def test_a_slot_emptied_by_an_action_is_no_attempt(people: PeopleClient) -> None:
    played = await validate(people, None, said_by_person())

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


async def test_the_second_unknown_code_offers_buttons_and_is_asked_for_again(
    people: PeopleClient, backend: BackendClient
) -> None:
    talk = tracker(said_by_person(), "aline", delivery_code=CODE, code_attempts=1)

    played = await play(TrackDelivery(people, backend), talk)

    assert played.names == ["utter_code_stuck"]
    assert played.titles == ["Parler à l'équipe", "Mes livraisons", "Menu"]
    assert (played.slots["code_attempts"], played.next_action) == (2, "tracking_form")


async def test_the_third_unknown_code_is_handed_over(
    people: PeopleClient, backend: BackendClient, server: SmallServer
) -> None:
    talk = tracker(said_by_person(), "aline", delivery_code=CODE, code_attempts=2)

    played = await play(TrackDelivery(people, backend), talk)

    assert any(request.url.path.endswith("/handoffs") for request in server.requests)
    assert (played.names, played.next_action) == (["utter_handed_over"], None)
    assert played.payloads[0] == "/track_delivery"
    assert played.slots == FORGOTTEN


async def test_the_button_of_something_else_is_no_code(people: PeopleClient) -> None:
    """A reminder that came meanwhile names a delivery: whoever answers it does not look for that one."""
    for intent, reply in (("affirm", "confirm"), ("human_agent", "reschedule")):
        played = await validate(people, CODE, tapped(intent, delivery_code=CODE, reminder_reply=reply))

        assert (played.slots, played.said) == ({"delivery_code": None}, [])
        assert [each["event"] for each in played.events] == ["slot", "action_execution_rejected"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("problem", ["none", "unreadable", "unknown"])
def test_the_question_for_the_code_says_what_was_wrong(language: str, problem: str) -> None:
    slots = {"language": language, "code_problem": problem}

    assert len(variations("utter_ask_tracking_form_delivery_code", slots)) == 1
