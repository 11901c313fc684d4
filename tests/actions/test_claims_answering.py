"""Which answers to the questions of a complaint are taken, and what is said of the others."""

from typing import Any

import pytest

from actions.claims import ValidateClaimForm
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.rasa import Played, play, said_by_person, tracker

FORM = "claim_form"


async def answer(
    people: PeopleClient, backend: BackendClient, slot: str, value: Any, message: dict[str, Any], **slots: Any
) -> Played:
    """What becomes of an answer that Rasa has put into the slot of the question."""
    asked = {"requested_slot": slot, slot: value, **slots}
    before = [{"event": "slot", "name": slot, "value": value}]
    conversation = tracker(message, form=FORM, **asked)
    conversation.events.extend(before)
    return await play(ValidateClaimForm(people, backend), conversation)


async def test_a_code_of_theirs_is_what_it_is_about(people: PeopleClient, backend: BackendClient) -> None:
    code = "COUR-20250127-061"
    played = await answer(people, backend, "claim_about", code, said_by_person("claim", delivery_code=code))

    assert played.slots["claim_about"] == code


@pytest.mark.parametrize("code", ["COUR-20250127-071", "COUR-19990101-001"])
async def test_a_code_of_nobody_or_somebody_else_is_not_found(
    code: str, people: PeopleClient, backend: BackendClient
) -> None:
    played = await answer(people, backend, "claim_about", code, said_by_person("claim", delivery_code=code))

    assert (played.slots["claim_about"], played.names) == (None, ["utter_delivery_not_found"])


async def test_the_last_delivery_needs_no_code(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("claim", latest="delivery")
    played = await answer(people, backend, "claim_about", "delivery", message)

    assert str(played.slots["claim_about"]).startswith("COUR-")


async def test_words_are_no_code(people: PeopleClient, backend: BackendClient) -> None:
    played = await answer(people, backend, "claim_about", "le rouge", said_by_person("nlu_fallback", text="le rouge"))

    assert (played.slots["claim_about"], played.slots["claim_problem"]) == (None, "unreadable")


@pytest.mark.parametrize(("kind", "photos"), [("damaged", None), ("other", None), ("late", ""), ("refund", "")])
async def test_a_photo_is_asked_for_where_it_shows_something(
    kind: str, photos: str | None, people: PeopleClient, backend: BackendClient
) -> None:
    played = await answer(people, backend, "claim_kind", kind, said_by_person("claim", claim_kind=kind))

    assert (played.slots["claim_kind"], played.slots.get("claim_photos")) == (kind, photos)


async def test_a_sentence_that_names_no_kind_tells_what_happened(people: PeopleClient, backend: BackendClient) -> None:
    told = "il a crié devant tout le monde"
    played = await answer(people, backend, "claim_kind", told, said_by_person("nlu_fallback", text=told))

    assert (played.slots["claim_kind"], played.slots["claim_description"]) == ("other", told)


PARCEL = "COUR-20250127-068"
BESIDE: dict[str, tuple[str, str, dict[str, Any], list[str]]] = {
    "nothing is told yet": (f"it is about {PARCEL}", PARCEL, {"claim_about": PARCEL, "claim_kind": None}, []),
    "a story is told with it": (
        f"the driver of {PARCEL} shouted at my mother and left",
        PARCEL,
        {"claim_about": PARCEL, "claim_kind": "other"},
        [],
    ),
    "it is somebody else's": (
        "it is about COUR-20250127-071",
        "COUR-20250127-071",
        {"claim_kind": None},
        ["utter_delivery_not_found"],
    ),
}


@pytest.mark.parametrize(("told", "code", "slots", "said"), BESIDE.values(), ids=BESIDE)
async def test_a_code_in_the_answer_says_which_one_is_meant(
    told: str, code: str, slots: dict[str, Any], said: list[str], people: PeopleClient, backend: BackendClient
) -> None:
    message = said_by_person("nlu_fallback", text=told, delivery_code=code)
    played = await answer(people, backend, "claim_kind", told, message, claim_about="COUR-20250127-061")

    assert {name: played.slots.get(name) for name in slots} == slots
    assert played.names == said


async def test_a_code_alone_tells_nothing_of_what_happened(people: PeopleClient, backend: BackendClient) -> None:
    told = f"it is about {PARCEL}"
    message = said_by_person("nlu_fallback", text=told, delivery_code=PARCEL)
    played = await answer(people, backend, "claim_description", told, message, claim_kind="other")

    assert (played.slots["claim_about"], played.slots["claim_description"]) == (PARCEL, None)


async def test_the_second_answer_that_will_not_do_offers_the_team(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("nlu_fallback", text="hm")
    played = await answer(people, backend, "claim_description", "hm", message, claim_attempts=1)

    assert (played.names, played.slots["claim_description"]) == (["utter_claim_stuck"], None)


@pytest.mark.parametrize(("kind", "taken"), [("damaged", ""), ("other", None)])
async def test_what_happened_may_be_passed_over_unless_it_is_all_there_is(
    kind: str, taken: str | None, people: PeopleClient, backend: BackendClient
) -> None:
    message = said_by_person("nlu_fallback", text="skip", skipping="skip")
    played = await answer(people, backend, "claim_description", "skip", message, claim_kind=kind)

    assert played.slots["claim_description"] == taken


async def test_photos_are_added_until_there_are_no_more_and_their_words_with_them(
    people: PeopleClient, backend: BackendClient
) -> None:
    message = said_by_person("share_media", text="le coin", media_id="m-2", media_type="image/png")
    before = [{"id": "m-1", "mime_type": "image/jpeg"}]
    more = {"claim_media": before, "claim_description": "Cassé", "claim_summary_shown": {"id": "old"}}
    played = await answer(people, backend, "claim_photos", "m-2", message, **more)
    done = await answer(people, backend, "claim_photos", "done", said_by_person("deny"), claim_media=before)

    assert played.slots["claim_photos"] is None
    assert played.slots["claim_media"] == [*before, {"id": "m-2", "mime_type": "image/png"}]
    assert played.slots["claim_description"] == "Cassé\nle coin"
    assert played.slots["claim_summary_shown"] is None
    assert done.slots["claim_photos"] == "sent"


async def test_an_eleventh_file_is_one_too_many(people: PeopleClient, backend: BackendClient) -> None:
    before = [{"id": f"m-{n}", "mime_type": ""} for n in range(10)]
    message = said_by_person("share_media", text="📎", media_id="m-10")
    played = await answer(people, backend, "claim_photos", "m-10", message, claim_media=before)

    assert [file["id"] for file in played.slots["claim_media"]] == [f"m-{n}" for n in range(10)]


async def test_the_button_of_an_earlier_summary_confirms_nothing(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("affirm", claim_summary="old")
    played = await answer(people, backend, "claim_confirmed", True, message, claim_summary_shown={"id": "new"})

    assert (played.names, played.slots["claim_confirmed"]) == (["utter_claim_summary_replaced"], None)
