"""Calling a delivery off: asked first, done once, refused when it has gone too far."""

from typing import Any

import httpx
import pytest

from actions.parcel import CancelDelivery
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.parcels import FILLED, FORM, refusal
from tests.actions.rasa import TURN_ID, Played, play, said_by_person, tracker
from tests.backend.fake_backend import CODE, MISSION, Backend, as_json, fails

PENDING = MISSION | {"status": "pending", "allowed": ["cancel"]}
CANCELLED = MISSION | {"status": "cancelled", "allowed": []}


async def cancel(people: PeopleClient, backend: Backend, **entities: str) -> Played:
    message = said_by_person("cancel_order", delivery_code=CODE, **entities)
    return await play(CancelDelivery(people, backend.client()), tracker(message))


async def test_one_is_asked_first(people: PeopleClient) -> None:
    backend = Backend(as_json(PENDING))

    played = await cancel(people, backend)

    assert played.names == ["utter_confirm_cancel"]
    assert played.payloads[0] == f'/cancel_order{{"delivery_code": "{CODE}", "confirmed": "yes"}}'
    assert [request.method for request in backend.requests] == ["GET"]


async def test_who_is_sure_has_it_cancelled(people: PeopleClient) -> None:
    backend = Backend(as_json(PENDING), as_json(CANCELLED))

    played = await cancel(people, backend, confirmed="yes")

    assert played.names == ["utter_delivery_cancelled"]
    assert backend.requests[-1].url.path == f"/v1/missions/{CODE}/cancel"
    assert backend.requests[-1].headers["Idempotency-Key"] == f"{TURN_ID}:cancel_delivery:1"


async def test_a_second_tap_finds_it_cancelled(people: PeopleClient) -> None:
    backend = Backend(as_json(CANCELLED))

    assert (await cancel(people, backend, confirmed="yes")).names == ["utter_delivery_cancelled"]
    assert [request.method for request in backend.requests] == ["GET"]


@pytest.mark.parametrize("entities", [{}, {"confirmed": "yes"}])
async def test_what_has_gone_too_far_is_not_cancelled(people: PeopleClient, entities: dict[str, str]) -> None:
    backend = Backend(as_json(MISSION))

    assert (await cancel(people, backend, **entities)).names == ["utter_too_late_to_cancel"]
    assert [request.method for request in backend.requests] == ["GET"]


async def test_what_goes_too_far_at_that_moment_is_told_as_it_is(people: PeopleClient) -> None:
    backend = Backend(as_json(PENDING), refusal("too_late_to_cancel"), as_json(MISSION))

    assert (await cancel(people, backend, confirmed="yes")).names == ["utter_too_late_to_cancel"]


async def test_a_lost_answer_is_told_as_such(people: PeopleClient) -> None:
    backend = Backend(as_json(PENDING), fails(httpx.ReadError))

    assert (await cancel(people, backend, confirmed="yes")).names == ["utter_cancel_in_doubt"]


@pytest.mark.parametrize("entities", [{}, {"confirmed": "yes"}])
async def test_a_backend_that_is_away_is_apologised_for(people: PeopleClient, entities: dict[str, str]) -> None:
    played = await cancel(people, Backend(httpx.Response(503)), **entities)

    assert played.names == ["utter_apology"]
    assert ("confirmed" in played.payloads[0]) is bool(entities)


async def test_nobody_cancels_somebody_elses(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("cancel_order", delivery_code=CODE, confirmed="yes")

    played = await play(CancelDelivery(people, backend), tracker(message, "patrick"))

    assert played.names == ["utter_delivery_not_found"]


@pytest.mark.parametrize(
    ("sender", "slots", "said"),
    [
        ("grace", {}, "utter_choose_cancelled"),
        ("grace", {"shown_delivery": "COUR-20250127-074"}, "utter_confirm_cancel"),
        ("grace", {"shown_delivery": CODE}, "utter_choose_cancelled"),
        ("aline", {}, "utter_nothing_cancellable"),
    ],
)
async def test_without_a_code_it_is_one_of_those_that_may_be_cancelled(
    people: PeopleClient, backend: BackendClient, sender: str, slots: dict[str, Any], said: str
) -> None:
    played = await play(CancelDelivery(people, backend), tracker(said_by_person("cancel_order"), sender, **slots))

    assert played.names == [said]


async def test_in_the_middle_of_asking_for_a_parcel_that_one_is_meant(
    people: PeopleClient, backend: BackendClient
) -> None:
    played = await play(CancelDelivery(people, backend), tracker(said_by_person("cancel_order"), form=FORM, **FILLED))

    assert played.names == ["utter_parcel_left"]
    assert {"event": "active_loop", "name": None, "timestamp": None} in played.events
    assert all(played.slots[name] is None for name in FILLED)
    assert played.next_action == "action_listen"
