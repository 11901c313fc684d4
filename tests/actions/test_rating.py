"""Stars for what was delivered: at once, replaceable, and never for what is somebody else's."""

import json
from typing import Any

import httpx
import pytest

from actions.people import PeopleClient
from actions.rating import AskScore, SendComment, SendRating, StartRating, ValidateCommentForm, ValidateRatingForm
from actions.rating.draft import COMMENT_FORM, RATING_FORM
from backend import BackendClient
from tests.actions.parcels import refusal
from tests.actions.rasa import Played, play, said_by_person, tracker
from tests.backend.fake_backend import Backend, as_json, fails

DELIVERED = "COUR-20250124-032"  # Grâce's
UNDER_WAY = "COUR-20250127-061"
ABOUT = {"code": DELIVERED, "entity": "delivery_code"}
RATED: dict[str, Any] = {"about": DELIVERED, "score": 4, "rated_at": "2025-01-27T09:00:00Z"}


async def test_the_stars_of_the_message_are_given(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("rate", delivery_code=DELIVERED, score="5")
    played = await play(StartRating(people, backend), tracker(message))

    assert (played.slots["rating_about"], played.slots["rating_score"]) == (ABOUT, 5)
    assert played.next_action == "action_send_rating"


@pytest.mark.parametrize("score", [None, "0", "6", "⭐"])
async def test_without_stars_there_are_to_give_they_are_asked_for(
    score: str | None, people: PeopleClient, backend: BackendClient
) -> None:
    entities = {"delivery_code": DELIVERED} | ({"score": score} if score else {})
    played = await play(StartRating(people, backend), tracker(said_by_person("rate", **entities)))

    assert (played.slots["rating_about"], played.next_action) == (ABOUT, RATING_FORM)


async def test_what_was_delivered_last_is_meant_where_nothing_is_said(
    people: PeopleClient, backend: BackendClient
) -> None:
    played = await play(StartRating(people, backend), tracker(said_by_person("rate")))

    assert (played.slots["rating_about"], played.next_action) == (ABOUT, RATING_FORM)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (UNDER_WAY, "utter_not_delivered_yet"),
        ("COUR-20250127-071", "utter_delivery_not_found"),
        ("COUR-19990101-001", "utter_delivery_not_found"),
    ],
)
async def test_what_is_not_there_or_not_theirs_is_not_rated(
    code: str, said: str, people: PeopleClient, backend: BackendClient
) -> None:
    message = said_by_person("rate", delivery_code=code, score="5")
    played = await play(StartRating(people, backend), tracker(message))

    assert (played.names, played.next_action) == ([said], None)


async def test_each_row_of_stars_says_what_it_rates() -> None:
    played = await play(AskScore(), tracker(said_by_person("rate"), form=RATING_FORM, rating_about=ABOUT))

    assert played.titles == ["⭐⭐⭐⭐⭐", "⭐⭐⭐⭐", "⭐⭐⭐", "⭐⭐", "⭐"]
    assert played.payloads[1] == f'/rate{{"delivery_code": "{DELIVERED}", "score": "4"}}'


@pytest.mark.parametrize(("value", "score", "said"), [("4", 4, []), ("9", None, ["utter_only_five_stars"])])
async def test_only_one_to_five_are_stars(people: PeopleClient, value: str, score: int | None, said: list[str]) -> None:
    played = await validated(ValidateRatingForm(people), "rating_score", value, said_by_person("rate", score=value))

    assert (played.slots["rating_score"], played.names) == (score, said)


async def test_a_row_of_an_earlier_list_rates_what_it_names(people: PeopleClient) -> None:
    tapped = said_by_person("rate", score="3", order_code="CMD-20250127-012")
    played = await validated(ValidateRatingForm(people), "rating_score", "3", tapped, rating_about=ABOUT)

    assert played.slots["rating_about"] == {"code": "CMD-20250127-012", "entity": "order_code"}


@pytest.mark.parametrize(("score", "said"), [(2, "utter_rated_low"), (3, "utter_rated")])
async def test_the_stars_are_given_before_a_word_is_asked_for(score: int, said: str, people: PeopleClient) -> None:
    backend = Backend(as_json(RATED | {"score": score}, 201))
    conversation = tracker(said_by_person("rate"), rating_about=ABOUT, rating_score=score)
    played = await play(SendRating(people, backend.client()), conversation)

    assert json.loads(backend.requests[0].content) == {"about": DELIVERED, "score": score}
    assert (played.names, played.next_action) == ([said], COMMENT_FORM)


async def test_too_early_is_said(people: PeopleClient) -> None:
    conversation = tracker(said_by_person("rate"), rating_about=ABOUT, rating_score=5)
    played = await play(SendRating(people, Backend(refusal("not_delivered")).client()), conversation)

    assert (played.names, played.slots["rating_about"]) == (["utter_not_delivered_yet"], None)


async def test_a_lost_answer_can_be_tried_again_with_the_same_stars(people: PeopleClient) -> None:
    conversation = tracker(said_by_person("rate"), rating_about=ABOUT, rating_score=5)
    backend = Backend(fails(httpx.ReadError), fails(httpx.ReadError)).client()
    played = await play(SendRating(people, backend), conversation)

    assert played.names == ["utter_apology"]
    assert played.payloads[0] == f'/rate{{"delivery_code": "{DELIVERED}", "score": "5"}}'


@pytest.mark.parametrize(
    ("message", "comment"),
    [
        (said_by_person("thanks", text="super livreur"), "super livreur"),
        (
            said_by_person("deny", text="non il était en retard", story="non il était en retard"),
            "non il était en retard",
        ),
        (said_by_person("deny", text="non"), ""),
        (said_by_person("nlu_fallback", text="passer", skipping="passer"), ""),
        (said_by_person("nlu_fallback", text="et alors ?"), None),
    ],
)
async def test_any_words_are_a_comment_but_a_no_and_a_question(message: dict[str, Any], comment: str | None) -> None:
    played = await validated(ValidateCommentForm(), "rating_comment", message["text"], message)

    assert played.slots["rating_comment"] == comment


@pytest.mark.parametrize(("score", "said"), [(1, "utter_comment_sent_low"), (5, "utter_comment_sent")])
async def test_a_comment_goes_with_the_same_stars_and_is_forgotten(score: int, said: str, people: PeopleClient) -> None:
    backend = Backend(as_json(RATED, 201))
    slots: dict[str, Any] = {"rating_about": ABOUT, "rating_score": score, "rating_comment": "Bien"}
    played = await play(SendComment(people, backend.client()), tracker(said_by_person("thanks"), **slots))

    assert json.loads(backend.requests[0].content) == {"about": DELIVERED, "score": score, "comment": "Bien"}
    assert (played.names, played.slots) == ([said], dict.fromkeys(slots) | {"rating_attempts": 0})


async def validated(form: Any, slot: str, value: Any, message: dict[str, Any], **slots: Any) -> Played:
    """Hand Rasa's candidate for a slot to a form."""
    conversation = tracker(message, form=RATING_FORM, requested_slot=slot, **slots)
    conversation.events.append({"event": "slot", "name": slot, "value": value})
    return await play(form, conversation)
