"""The way to the checkout: what can be ordered, where it may go, how it may be paid; going back, and leaving."""

from typing import Any

import httpx
import pytest

from actions.checkout.asking import AskDropoff, AskPayment
from actions.checkout.changing import ChangeCheckout, HelpWithCheckout, LeaveCheckout
from actions.checkout.starting import StartCheckout
from actions.people import PeopleClient
from tests.actions.checkouts import ANSWERED, ASKER, FORM, PLACED, SHOWN, cart, quoted
from tests.actions.parcels import CREATED
from tests.actions.rasa import play, said_by_person, tracker
from tests.backend.fake_backend import Backend, as_json

START = said_by_person("checkout")
CART = {"cart": cart(("poulet-mayo", 2))}
CLOSED = {"code": "merchant_closed", "opens_at": "2025-01-27T11:00:00Z"}


def conversation(message: dict[str, Any] = START, **slots: Any) -> Any:
    return tracker(message, ASKER, **slots)


async def test_an_empty_cart_leads_to_the_shop(people: PeopleClient) -> None:
    backend = Backend(httpx.Response(500))

    played = await play(StartCheckout(people, backend.client()), conversation())

    assert played.names == ["utter_checkout_empty"]
    assert backend.requests == []


async def test_a_cart_that_can_be_ordered_begins_the_questions_whatever_was_asked_before(people: PeopleClient) -> None:
    start = StartCheckout(people, Backend(as_json(quoted())).client())

    played = await play(start, conversation(**CART, form="parcel_form"))

    assert played.next_action == FORM
    assert {"event": "active_loop", "name": None}.items() <= played.events[0].items()
    assert played.slots["checkout_recipient_name"] == ""


async def test_while_an_order_is_in_doubt_no_other_is_begun(people: PeopleClient) -> None:
    doubtful = CART | {"checkout_summary": SHOWN | {"in_doubt": True}}

    played = await play(StartCheckout(people, Backend(httpx.Response(500)).client()), conversation(**doubtful))

    assert played.names == ["utter_order_in_doubt"]
    assert played.next_action is None


@pytest.mark.parametrize(
    ("problem", "said", "part"),
    [
        (CLOSED, "utter_checkout_closed", "12:00"),  # at the clocks of Brazzaville
        ({"code": "merchant_closed"}, "utter_checkout_closed", "fermé"),
        ({"code": "several_merchants"}, "utter_checkout_several_merchants", "une seule boutique"),
        ({"code": "choices_wrong", "product_id": "poulet-mayo"}, "utter_checkout_choice_gone", "Poulet Mayo"),
        (
            {"code": "below_minimum", "minimum": {"amount": "3000", "currency": "XAF"}},
            "utter_checkout_below_minimum",
            "3\u00a0000\u00a0FCFA",
        ),
    ],
)
async def test_what_keeps_a_cart_from_being_ordered_is_said_at_once(
    people: PeopleClient, problem: dict[str, Any], said: str, part: str
) -> None:
    played = await play(StartCheckout(people, Backend(as_json(quoted(problem))).client()), conversation(**CART))

    assert played.names == [said]
    assert part in played.text
    assert played.next_action == "action_listen"


@pytest.mark.parametrize(
    ("orders", "missions", "address"),
    [
        ([PLACED], [], "10 Avenue de la Paix"),
        ([], [CREATED | {"pickup": {"address": "25 Rue Malanda"}}], "25 Rue Malanda"),
        ([], [CREATED | {"pickup": {"location": {"latitude": -4.2, "longitude": 15.2}}}], "la position"),
        ([], [CREATED], None),
        ([], [], None),
    ],
)
async def test_where_the_courier_came_last_is_suggested(
    people: PeopleClient, orders: list[Any], missions: list[Any], address: str | None
) -> None:
    backend = Backend(as_json({"orders": orders}), as_json({"missions": missions}))

    played = await play(AskDropoff(people, backend.client()), conversation(form=FORM, checkout_recipient_name=""))

    assert (address or "La dernière fois") in played.text or address is None
    assert ("Même adresse" in played.titles) is (address is not None)
    assert (played.slots["checkout_suggested"] is not None) is (address is not None)


async def test_without_a_backend_nothing_is_suggested_and_the_question_put(people: PeopleClient) -> None:
    played = await play(AskDropoff(people, Backend(httpx.Response(500)).client()), conversation(form=FORM))

    assert played.names == ["utter_checkout_dropoff"]
    assert played.titles == ["Annuler"]


async def test_a_single_way_to_pay_is_not_asked_about(people: PeopleClient) -> None:
    ask = AskPayment(people, Backend(as_json(quoted(payment_options=[]))).client())

    played = await play(ask, conversation(form=FORM, **ANSWERED | {"checkout_payment": None}))

    assert played.said == []
    assert played.slots["checkout_payment"] == {"method": "cash", "provider": None}
    assert played.next_action == FORM


async def test_an_address_that_nobody_finds_is_asked_for_before_the_payment(people: PeopleClient) -> None:
    ask = AskPayment(people, Backend(as_json(quoted({"code": "address_unclear"}))).client())

    played = await play(ask, conversation(form=FORM, **ANSWERED | {"checkout_payment": None}))

    assert played.slots["checkout_dropoff"] is None
    assert played.slots["checkout_problem"] == "unclear"


async def test_the_answer_that_was_named_is_asked_for_again() -> None:
    message = said_by_person("change_address", checkout_field="note")

    played = await play(ChangeCheckout(), conversation(message, form=FORM, **ANSWERED))

    assert played.slots["checkout_note"] is None
    assert played.next_action == FORM


async def test_else_one_chooses_among_the_answers_and_the_cart() -> None:
    played = await play(ChangeCheckout(), conversation(said_by_person("deny"), form=FORM, **ANSWERED))

    assert played.payloads[0] == "/show_cart"
    assert [row["description"] for row in played.said[0]["buttons"][1:]] == [
        "10 Avenue de la Paix, Poto-Poto",
        "–",
        "En espèces",
        "portail bleu",
    ]


@pytest.mark.parametrize(
    ("asked", "options", "before"),
    [
        ("checkout_confirmed", 2, "checkout_note"),
        ("checkout_note", 2, "checkout_payment"),
        ("checkout_note", 1, "checkout_dropoff"),
    ],
)
async def test_one_goes_back_by_one_question_that_was_asked(asked: str, options: int, before: str) -> None:
    offered = [{"method": "cash", "provider": None, "pay_to": None}] * options
    back = said_by_person("help", step_back="retour")

    played = await play(
        HelpWithCheckout(),
        conversation(back, form=FORM, requested_slot=asked, checkout_options=offered, **ANSWERED),
    )

    assert played.slots[before] is None
    assert played.next_action == FORM


async def test_leaving_forgets_the_answers_and_keeps_the_cart() -> None:
    played = await play(LeaveCheckout(), conversation(said_by_person("cancel"), **ANSWERED))

    assert played.names == ["utter_checkout_left"]
    assert "cart" not in played.slots
    assert all(played.slots[name] is None for name in ANSWERED if name != "cart")
