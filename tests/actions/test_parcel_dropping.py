"""A parcel that may or may not have been created is given up: what is found out, and what is said of it."""

import json
from typing import Any

import httpx
import pytest

from actions.orders import CancelOrder, CancelShown
from actions.parcel import CreateParcel, DropParcel, LeaveParcel, SendParcel
from actions.people import PeopleClient
from actions.reordering import Reorder
from backend import BackendClient
from tests.actions.parcels import ASKER, CREATED, FILLED, FORM, QUOTE, SUMMARY
from tests.actions.rasa import TURN_ID, play, said_by_person, tapped, tracker
from tests.backend.fake_backend import Backend, as_json, fails

DOUBT: dict[str, Any] = FILLED | {"parcel_quote": QUOTE | {"in_doubt": True}}
GIVEN_UP = said_by_person("cancel", text="laisse tomber")
BUTTON = tapped("cancel", parcel_summary=SUMMARY)


async def test_what_was_never_created_is_closed_and_forgotten(people: PeopleClient) -> None:
    backend = Backend(as_json({"code": None}))

    played = await play(DropParcel(people, backend.client()), tracker(BUTTON, ASKER, **DOUBT))

    (request,) = backend.requests
    assert (request.method, request.url.path) == ("POST", "/v1/withdrawals")
    assert json.loads(request.content) == {"key": f"{SUMMARY}:create_parcel:1"}
    assert request.headers["Idempotency-Key"] == f"{TURN_ID}:withdraw_parcel:1"
    assert played.names == ["utter_parcel_dropped"]
    assert all(played.slots[name] is None for name in DOUBT)


async def test_what_was_created_is_shown_and_may_be_cancelled(people: PeopleClient) -> None:
    backend = Backend(as_json({"code": CREATED["code"]}), as_json(CREATED))

    played = await play(DropParcel(people, backend.client()), tracker(GIVEN_UP, ASKER, **DOUBT))

    assert played.names == ["utter_parcel_was_created"]
    assert played.payloads[0] == '/cancel_order{"delivery_code": "COUR-20250127-099"}'
    assert played.slots["parcel_created"] == {"summary": SUMMARY, "code": CREATED["code"]}
    assert played.slots["shown_delivery"] == CREATED["code"]
    assert all(played.slots[name] is None for name in DOUBT)


@pytest.mark.parametrize("lost", [fails(httpx.ReadError), as_json({}, 503), as_json({}, 500)])
async def test_while_nobody_answers_nothing_is_claimed_and_it_stays_in_doubt(
    people: PeopleClient, lost: httpx.Response
) -> None:
    played = await play(DropParcel(people, Backend(lost, lost).client()), tracker(BUTTON, ASKER, **DOUBT))

    assert played.names == ["utter_parcel_still_in_doubt"]
    assert played.payloads[0] == f'/cancel{{"parcel_summary": "{SUMMARY}"}}'
    assert played.slots == {}


async def test_a_business_that_cannot_tell_is_not_asked_again_and_one_hears_where_to_look(people: PeopleClient) -> None:
    backend = Backend(as_json({"status": 404}, 404))

    played = await play(DropParcel(people, backend.client()), tracker(BUTTON, ASKER, **DOUBT))

    assert played.names == ["utter_parcel_doubt_stays"]
    assert "/order_history" in played.payloads
    assert played.slots["parcel_quote"] is None


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({}, "utter_parcel_not_in_doubt"),
        ({"parcel_quote": QUOTE}, "utter_parcel_not_in_doubt"),
        ({"parcel_quote": QUOTE | {"id": "0199-newer", "in_doubt": True}}, "utter_parcel_not_in_doubt"),
        ({"parcel_created": {"summary": SUMMARY, "code": "COUR-1"}}, "utter_parcel_already_created"),
    ],
)
async def test_a_late_button_drops_nothing(
    people: PeopleClient, backend: BackendClient, slots: dict[str, Any], said: str
) -> None:
    played = await play(DropParcel(people, backend), tracker(BUTTON, ASKER, **slots))

    assert (played.names, played.slots) == ([said], {})


async def test_every_way_to_say_it_leads_there(people: PeopleClient, backend: BackendClient) -> None:
    cancel_order = said_by_person("cancel_order", text="annule l'envoi")
    for action, message in (
        (CancelShown(people, backend), GIVEN_UP),
        (CancelShown(people, backend), BUTTON),
        (CancelOrder(people, backend), cancel_order),
        (LeaveParcel(), BUTTON),
    ):
        played = await play(action, tracker(message, ASKER, **DOUBT))
        assert (played.said, played.next_action) == ([], "action_drop_parcel")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("wish", ["another", "the same again"])
async def test_before_another_parcel_this_one_is_found_out(
    people: PeopleClient, backend: BackendClient, language: str, wish: str
) -> None:
    action, said = {
        "another": (SendParcel(), tapped("create_delivery", offered_pickup="Bacongo")),
        "the same again": (Reorder(people, backend), said_by_person("reorder", delivery_code="COUR-20250124-032")),
    }[wish]

    played = await play(action, tracker(said, "grace", language, **DOUBT))

    assert played.names == ["utter_parcel_in_doubt"]
    assert f'/cancel{{"parcel_summary": "{SUMMARY}"}}' in played.payloads
    assert (played.slots, played.next_action in (None, "action_listen")) == ({}, True)


async def test_what_was_given_up_can_never_be_created_by_a_late_try(
    people: PeopleClient, backend: BackendClient
) -> None:
    """With the demo backend: the key of the parcel is closed."""
    talk: dict[str, Any] = FILLED | {"parcel_quote": QUOTE | {"id": "0198-dropped", "in_doubt": True}}

    dropped = await play(DropParcel(people, backend), tracker(GIVEN_UP, ASKER, **talk))
    late = said_by_person("affirm", parcel_summary="0198-dropped")
    created = await play(CreateParcel(people, backend), tracker(late, ASKER, **talk))

    assert dropped.names == ["utter_parcel_dropped"]
    assert created.names == ["utter_apology"]
    assert "parcel_created" not in created.slots


async def test_in_a_form_a_bare_cancel_leaves_the_form(people: PeopleClient) -> None:
    played = await play(LeaveParcel(), tracker(GIVEN_UP, ASKER, form=FORM, **FILLED))

    assert played.names == ["utter_parcel_left"]
