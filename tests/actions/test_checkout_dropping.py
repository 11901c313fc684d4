"""An order that may or may not have been placed is given up: what is found out, and what is said of it."""

import json
from typing import Any

import httpx
import pytest

from actions.checkout.changing import LeaveCheckout
from actions.checkout.dropping import DropOrder
from actions.checkout.placing import PlaceOrder
from actions.checkout.starting import StartCheckout
from actions.orders import CancelOrder, CancelShown
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.checkouts import ANSWERED, ASKER, FORM, PLACED, SHOWN, SUMMARY
from tests.actions.rasa import TURN_ID, play, said_by_person, tapped, tracker
from tests.backend.fake_backend import Backend, as_json, fails

DOUBT: dict[str, Any] = {"checkout_summary": SHOWN | {"in_doubt": True}}
GIVEN_UP = said_by_person("cancel", text="laisse tomber")
BUTTON = tapped("cancel", order_summary=SUMMARY)


async def test_what_was_never_placed_is_closed_and_the_cart_kept(people: PeopleClient) -> None:
    backend = Backend(as_json({"code": None}))

    played = await play(DropOrder(people, backend.client()), tracker(BUTTON, ASKER, **ANSWERED | DOUBT))

    (request,) = backend.requests
    assert (request.method, request.url.path) == ("POST", "/v1/withdrawals")
    assert json.loads(request.content) == {"key": f"{SUMMARY}:place_order:1"}
    assert request.headers["Idempotency-Key"] == f"{TURN_ID}:withdraw_order:1"
    assert played.names == ["utter_order_dropped"]
    assert played.slots["checkout_summary"] is None
    assert "cart" not in played.slots


async def test_what_was_placed_is_shown_and_may_be_cancelled(people: PeopleClient) -> None:
    backend = Backend(as_json({"code": PLACED["code"]}), as_json(PLACED))

    played = await play(DropOrder(people, backend.client()), tracker(GIVEN_UP, ASKER, **ANSWERED | DOUBT))

    assert played.names == ["utter_order_was_placed"]
    assert played.payloads[0] == '/cancel_order{"order_code": "CMD-20250127-012"}'
    assert played.slots["order_placed"]["summary"] == SUMMARY
    assert (played.slots["checkout_summary"], played.slots["cart"]) == (None, None)
    assert played.slots["shown_order"]["code"] == PLACED["code"]


@pytest.mark.parametrize("lost", [fails(httpx.ReadError), as_json({}, 503), as_json({}, 500)])
async def test_while_nobody_answers_nothing_is_claimed_and_it_stays_in_doubt(
    people: PeopleClient, lost: httpx.Response
) -> None:
    played = await play(DropOrder(people, Backend(lost, lost).client()), tracker(BUTTON, ASKER, **ANSWERED | DOUBT))

    assert played.names == ["utter_order_still_in_doubt"]
    assert played.payloads[0] == f'/cancel{{"order_summary": "{SUMMARY}"}}'
    assert played.slots == {}


async def test_a_business_that_cannot_tell_is_not_asked_again_and_one_hears_where_to_look(people: PeopleClient) -> None:
    backend = Backend(as_json({"status": 404}, 404))

    played = await play(DropOrder(people, backend.client()), tracker(BUTTON, ASKER, **ANSWERED | DOUBT))

    assert played.names == ["utter_order_doubt_stays"]
    assert "/order_history" in played.payloads
    assert played.slots["checkout_summary"] is None


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({}, "utter_order_not_in_doubt"),
        ({"checkout_summary": SHOWN}, "utter_order_not_in_doubt"),
        ({"checkout_summary": SHOWN | {"id": "0199-newer", "in_doubt": True}}, "utter_order_not_in_doubt"),
        ({"order_placed": {"summary": SUMMARY, "code": "CMD-1", "delivery": "COUR-1"}}, "utter_order_already_placed"),
    ],
)
async def test_a_late_button_drops_nothing(
    people: PeopleClient, backend: BackendClient, slots: dict[str, Any], said: str
) -> None:
    played = await play(DropOrder(people, backend), tracker(BUTTON, ASKER, **slots))

    assert (played.names, played.slots) == ([said], {})


@pytest.mark.parametrize("form", [None, FORM])
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_way_to_say_it_leads_there_and_every_doubt_offers_it(
    people: PeopleClient, backend: BackendClient, form: str | None, language: str
) -> None:
    cancel_order = said_by_person("cancel_order", text="annule la commande")
    for action, message in (
        (CancelShown(people, backend), GIVEN_UP),
        (CancelOrder(people, backend), cancel_order),
        (LeaveCheckout(), GIVEN_UP),
    ):
        played = await play(action, tracker(message, ASKER, form=form, **ANSWERED | DOUBT))
        assert (played.said, played.next_action) == ([], "action_drop_order")
    offered = await play(StartCheckout(people, backend), tracker(said_by_person(), ASKER, language, **DOUBT))
    assert f'/cancel{{"order_summary": "{SUMMARY}"}}' in offered.payloads


async def test_with_a_code_another_order_is_meant(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("cancel_order", order_code="CMD-20250127-404")

    played = await play(CancelOrder(people, backend), tracker(message, ASKER, **DOUBT))

    assert played.next_action != "action_drop_order"


async def test_what_was_given_up_can_never_be_placed_by_a_late_try(
    people: PeopleClient, backend: BackendClient
) -> None:
    """With the demo backend: the key of the order is closed."""
    wish = SHOWN["wish"]
    talk: dict[str, Any] = ANSWERED | {"checkout_summary": {"id": "0198-dropped", "wish": wish, "in_doubt": True}}

    dropped = await play(DropOrder(people, backend), tracker(GIVEN_UP, ASKER, **talk))
    late = said_by_person("affirm", order_summary="0198-dropped")
    placed = await play(PlaceOrder(people, backend), tracker(late, ASKER, **talk))

    assert dropped.names == ["utter_order_dropped"]
    assert placed.names == ["utter_apology"]
    assert "order_placed" not in placed.slots
