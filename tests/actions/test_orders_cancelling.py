"""Calling a delivery or an order off: asked first, done once, refused when it has gone too far."""

from typing import Any

import httpx
import pytest

from actions.affirming import Affirm
from actions.orders import CancelOrder, CancelShown
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.orders import DELIVERY, ITS_DELIVERY, ORDER, ORDER_CODE
from tests.actions.parcels import FILLED, FORM, refusal
from tests.actions.rasa import TURN_ID, Played, play, said_by_person, tracker
from tests.backend.fake_backend import CODE, MISSION, Backend, as_json, fails

PENDING = MISSION | {"status": "pending", "allowed": ["cancel"]}
CANCELLED = {"status": "cancelled", "allowed": []}
#: What is called off: how a message names it, what the backend says of it, where it is asked to cancel it.
KINDS: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "a delivery": ({"delivery_code": CODE}, PENDING, f"/v1/missions/{CODE}/cancel"),
    "an order": ({"order_code": ORDER_CODE}, ORDER, f"/v1/orders/{ORDER_CODE}/cancel"),
}
kinds = pytest.mark.parametrize("kind", KINDS)


async def cancel(people: PeopleClient, backend: Backend, **entities: str) -> Played:
    return await play(CancelOrder(people, backend.client()), tracker(said_by_person("cancel_order", **entities)))


@kinds
async def test_one_is_asked_first(people: PeopleClient, kind: str) -> None:
    named, found, _ = KINDS[kind]
    backend = Backend(as_json(found))

    played = await cancel(people, backend, **named)

    assert played.names == ["utter_confirm_cancel"]
    ((entity, code),) = named.items()
    assert played.payloads[0] == f'/cancel_order{{"{entity}": "{code}", "confirmed": "yes"}}'
    assert [request.method for request in backend.requests] == ["GET"]


@kinds
async def test_who_is_sure_has_it_cancelled(people: PeopleClient, kind: str) -> None:
    named, found, path = KINDS[kind]
    backend = Backend(as_json(found), as_json(found | CANCELLED))

    played = await cancel(people, backend, confirmed="yes", **named)

    assert played.names == ["utter_subject_cancelled"]
    assert backend.requests[-1].url.path == path
    assert backend.requests[-1].headers["Idempotency-Key"] == f"{TURN_ID}:cancel:1"


async def test_the_delivery_of_an_order_is_cancelled_with_the_order(people: PeopleClient) -> None:
    backend = Backend(as_json(DELIVERY), as_json(ORDER), as_json(ORDER | CANCELLED))

    played = await cancel(people, backend, confirmed="yes", delivery_code=ITS_DELIVERY)

    assert ORDER_CODE in played.text
    assert backend.requests[-1].url.path == f"/v1/orders/{ORDER_CODE}/cancel"


@kinds
async def test_a_second_tap_finds_it_cancelled(people: PeopleClient, kind: str) -> None:
    named, found, _ = KINDS[kind]
    backend = Backend(as_json(found | CANCELLED))

    assert (await cancel(people, backend, confirmed="yes", **named)).names == ["utter_subject_cancelled"]
    assert [request.method for request in backend.requests] == ["GET"]


@kinds
@pytest.mark.parametrize("entities", [{}, {"confirmed": "yes"}])
async def test_what_has_gone_too_far_is_not_cancelled(
    people: PeopleClient, kind: str, entities: dict[str, str]
) -> None:
    named, found, _ = KINDS[kind]
    backend = Backend(as_json(found | {"allowed": ["claim"]}))

    assert (await cancel(people, backend, **named, **entities)).names == ["utter_too_late_to_cancel"]
    assert [request.method for request in backend.requests] == ["GET"]


@kinds
async def test_what_goes_too_far_at_that_moment_is_told_as_it_is(people: PeopleClient, kind: str) -> None:
    named, found, _ = KINDS[kind]
    backend = Backend(as_json(found), refusal("too_late_to_cancel"), as_json(found | {"allowed": []}))

    assert (await cancel(people, backend, confirmed="yes", **named)).names == ["utter_too_late_to_cancel"]


@kinds
async def test_a_lost_answer_is_told_as_such(people: PeopleClient, kind: str) -> None:
    named, found, _ = KINDS[kind]
    backend = Backend(as_json(found), fails(httpx.ReadError))

    assert (await cancel(people, backend, confirmed="yes", **named)).names == ["utter_cancel_in_doubt"]


@pytest.mark.parametrize("entities", [{}, {"confirmed": "yes"}])
async def test_a_backend_that_is_away_is_apologised_for(people: PeopleClient, entities: dict[str, str]) -> None:
    played = await cancel(people, Backend(httpx.Response(503)), delivery_code=CODE, **entities)

    assert played.names == ["utter_apology"]
    assert ("confirmed" in played.payloads[0]) is bool(entities)


async def test_nobody_cancels_somebody_elses(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("cancel_order", delivery_code=CODE, confirmed="yes")

    played = await play(CancelOrder(people, backend), tracker(message, "patrick"))

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
    played = await play(CancelOrder(people, backend), tracker(said_by_person("cancel_order"), sender, **slots))

    assert played.names == [said]


async def test_the_last_one_is_the_newest_even_if_it_may_not_be_cancelled(people: PeopleClient) -> None:
    orders = {"orders": [ORDER | {"allowed": []}]}
    backend = Backend(as_json(orders), as_json({"missions": [PENDING, DELIVERY]}))

    played = await cancel(people, backend, latest="order")

    assert played.names == ["utter_too_late_to_cancel"]
    assert ORDER_CODE in played.text


@pytest.mark.parametrize(("asked_in", "said"), [("before", "utter_subject_cancelled"), ("long ago", "utter_affirm")])
async def test_a_yes_in_words_counts_right_after_the_question(people: PeopleClient, asked_in: str, said: str) -> None:
    backend = Backend(as_json(ORDER), as_json(ORDER | CANCELLED))
    question = {"turn": asked_in, "topic": "cancel", "entity": "order_code", "code": ORDER_CODE}
    before = [{"event": "user", "text": "…", "message_id": "before"}]

    played = await play(
        Affirm(people, backend.client()), tracker(said_by_person("affirm"), before=before, question=question)
    )

    assert played.names == [said]


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"shown_delivery": "COUR-20250127-074"}, "utter_confirm_cancel"),
        ({"shown_delivery": CODE}, "utter_nothing_to_cancel"),
        ({"shown_delivery": "COUR-20250127-071"}, "utter_nothing_to_cancel"),
        ({}, "utter_nothing_to_cancel"),
    ],
)
async def test_a_bare_cancel_means_what_is_on_the_screen_or_nothing(
    people: PeopleClient, backend: BackendClient, slots: dict[str, Any], said: str
) -> None:
    played = await play(CancelShown(people, backend), tracker(said_by_person("cancel"), **slots))

    assert played.names == [said]


async def test_in_the_middle_of_asking_for_a_parcel_that_one_is_meant(
    people: PeopleClient, backend: BackendClient
) -> None:
    played = await play(CancelOrder(people, backend), tracker(said_by_person("cancel_order"), form=FORM, **FILLED))

    assert played.names == ["utter_parcel_left"]
    assert {"event": "active_loop", "name": None, "timestamp": None} in played.events
    assert all(played.slots[name] is None for name in FILLED)
    assert played.next_action == "action_listen"
