"""The summary of an order and its yes: placed once, as it was confirmed, and honest about whatever goes wrong."""

import json
from typing import Any

import httpx
import pytest

from actions.affirming import Affirm
from actions.checkout.confirming import AskOrderConfirmation
from actions.checkout.placing import PlaceOrder
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.checkouts import ANSWERED, ASKER, DUE, FORM, PLACED, QUOTED, SHOWN, SUMMARY, cart, quoted
from tests.actions.parcels import refusal
from tests.actions.rasa import TURN_ID, play, said_by_person, tracker
from tests.backend.fake_backend import Backend, as_json, fails

YES = said_by_person("affirm")
TAP = said_by_person("affirm", order_summary=SUMMARY)
READY = ANSWERED | {"checkout_summary": SHOWN}


def conversation(message: dict[str, Any], **slots: Any) -> Any:
    return tracker(message, ASKER, **slots)


async def test_the_summary_tells_all_that_is_agreed_to(people: PeopleClient) -> None:
    ask = AskOrderConfirmation(people, Backend(as_json(QUOTED)).client())

    played = await play(ask, conversation(YES, form=FORM, **ANSWERED))

    for part in ("Chez Maman Wivine", "2 × Poulet Mayo", "10 Avenue de la Paix", "portail bleu", "En espèces"):
        assert part in played.text
    assert played.payloads[0] == f'/affirm{{"order_summary": "{TURN_ID}"}}'
    assert played.slots["checkout_summary"]["wish"]["total"] == {"amount": "6000", "currency": "XAF"}


async def test_a_summary_shown_again_is_the_same_wish_and_a_changed_one_is_another(people: PeopleClient) -> None:
    ask = AskOrderConfirmation(people, Backend(as_json(QUOTED)).client())

    same = await play(ask, conversation(YES, **READY))
    other = await play(ask, conversation(YES, **READY | {"checkout_note": "2e étage"}))

    assert same.slots["checkout_summary"] == SHOWN
    assert other.slots["checkout_summary"]["id"] == TURN_ID


async def test_what_had_to_be_changed_about_the_cart_is_told_and_kept(people: PeopleClient) -> None:
    short = quoted({"code": "out_of_stock", "product_id": "poulet-mayo", "in_stock": 1})
    ask = AskOrderConfirmation(people, Backend(as_json(short), as_json(QUOTED)).client())

    played = await play(ask, conversation(YES, **ANSWERED))

    assert "il n'en reste que 1" in played.text
    assert played.slots["cart"]["lines"][0]["quantity"] == 1


async def test_a_way_to_pay_that_is_no_longer_offered_is_asked_for_again(people: PeopleClient) -> None:
    only = quoted(payment_options=[{"method": "mobile_money", "provider": "Airtel Money"}])
    ask = AskOrderConfirmation(people, Backend(as_json(only)).client())

    played = await play(ask, conversation(YES, **ANSWERED))

    assert played.slots["checkout_payment"] is None
    assert played.slots["checkout_problem"] == "unavailable"
    assert played.next_action == FORM


async def test_the_longest_order_fits_into_one_message(people: PeopleClient) -> None:
    name = "Un sac de riz parfumé de vingt-cinq kilos, long grain, de la vallée du Niari"
    line = QUOTED["lines"][0] | {"name": name, "choice_names": [name]}  # type: ignore[index]
    ask = AskOrderConfirmation(people, Backend(as_json(quoted(lines=[line] * 50))).client())
    longest = {"checkout_dropoff": {"address": "Avenue " * 70}, "checkout_note": "Sonner deux fois " * 60}

    played = await play(ask, conversation(YES, **ANSWERED | longest))

    assert len(played.text) <= 1024
    assert "autres" in played.text
    assert "On commande ?" in played.text


async def test_a_yes_places_what_was_shown_under_the_id_of_the_summary(people: PeopleClient) -> None:
    backend = Backend(as_json(PLACED, 201))

    played = await play(PlaceOrder(people, backend.client()), conversation(TAP, **READY, checkout_confirmed=True))

    (request,) = backend.requests
    assert request.headers["Idempotency-Key"].startswith(SUMMARY)
    assert json.loads(request.content)["expected_total"] == {"amount": "6000", "currency": "XAF"}
    assert played.names == ["utter_order_placed"]
    assert "CMD-20250127-012" in played.text
    assert all(played.slots[name] is None for name in ANSWERED)
    assert played.slots["order_placed"]["summary"] == SUMMARY


async def test_the_demo_holds_one_order_however_often_it_is_placed(
    people: PeopleClient, backend: BackendClient
) -> None:
    asked = await play(AskOrderConfirmation(people, backend), conversation(YES, **ANSWERED))
    ready = conversation(YES, **ANSWERED | {"checkout_summary": asked.slots["checkout_summary"]})
    customer = await people.customer(ASKER)
    before = len((await backend.orders(customer, 50)).items)

    first = await play(PlaceOrder(people, backend), ready)
    again = await play(PlaceOrder(people, backend), ready)

    assert first.slots["order_placed"] == again.slots["order_placed"]
    assert len((await backend.orders(customer, 50)).items) == before + 1


async def test_a_second_tap_tells_the_code_and_asks_nobody(people: PeopleClient) -> None:
    backend = Backend(httpx.Response(500))
    placed = {"summary": SUMMARY, "code": "CMD-20250127-012", "delivery": "COUR-20250127-099"}

    played = await play(Affirm(people, backend.client()), conversation(TAP, order_placed=placed))

    assert played.names == ["utter_order_already_placed"]
    assert backend.requests == []


@pytest.mark.parametrize(
    "changed", [{"cart": cart(("saka-saka", 1))}, {"checkout_note": ""}, {"checkout_dropoff": None}, {"cart": None}]
)
async def test_a_yes_to_what_was_changed_since_orders_nothing(people: PeopleClient, changed: dict[str, Any]) -> None:
    backend = Backend(httpx.Response(500))

    played = await play(PlaceOrder(people, backend.client()), conversation(TAP, **READY | changed))

    assert played.names == ["utter_order_summary_replaced"]
    assert played.next_action == FORM
    assert backend.requests == []


@pytest.mark.parametrize("code", ["price_changed", "out_of_stock", "merchant_closed", "promo_used", "outside_area"])
async def test_what_the_next_summary_tells_is_asked_about_under_a_new_key(people: PeopleClient, code: str) -> None:
    backend = Backend(refusal(code))

    played = await play(PlaceOrder(people, backend.client()), conversation(YES, **READY))

    assert played.said == []
    assert played.next_action == FORM
    assert played.slots["checkout_summary"] == SHOWN | {"id": ""}


async def test_another_refusal_is_apologised_for_and_its_key_not_used_again(people: PeopleClient) -> None:
    played = await play(PlaceOrder(people, Backend(refusal("invalid")).client()), conversation(YES, **READY))

    assert played.names == ["utter_apology"]
    assert played.payloads[0] == "/checkout"
    assert played.slots["checkout_summary"]["id"] == ""


async def test_what_may_have_been_placed_is_found_out_as_it_was_confirmed(people: PeopleClient) -> None:
    backend = Backend(fails(httpx.ReadError), fails(httpx.ReadError), as_json(PLACED, 201))
    other_cart = cart(("saka-saka", 1))

    lost = await play(PlaceOrder(people, backend.client()), conversation(YES, **READY))
    doubtful = READY | {"checkout_summary": lost.slots["checkout_summary"], "cart": other_cart}
    found = await play(Affirm(people, backend.client()), conversation(TAP, **doubtful))

    assert lost.names == ["utter_order_in_doubt"]
    assert found.names == ["utter_order_placed"]
    assert len({request.headers["Idempotency-Key"] for request in backend.requests}) == 1
    assert len({request.content for request in backend.requests}) == 1
    assert "cart" not in found.slots  # what was put into it since is still wanted


async def test_mobile_money_asks_for_the_reference(people: PeopleClient) -> None:
    due = PLACED | {"payment": DUE}

    played = await play(PlaceOrder(people, Backend(as_json(due, 201)).client()), conversation(YES, **READY))

    assert played.next_action == "reference_form"
    assert played.slots["payment_owed"]["about"] == "CMD-20250127-012"


async def test_in_the_middle_of_another_form_the_reference_waits(people: PeopleClient) -> None:
    due = PLACED | {"payment": DUE}

    played = await play(
        Affirm(people, Backend(as_json(due, 201)).client()), conversation(TAP, form="parcel_form", **READY)
    )

    assert played.names == ["utter_order_placed"]
    assert played.next_action is None


async def test_whoever_hides_their_number_is_told(people: PeopleClient, backend: BackendClient) -> None:
    assert (await play(PlaceOrder(people, backend), tracker(YES, "shy", **READY))).names == ["utter_number_hidden"]
