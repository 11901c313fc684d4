"""Speaking of paying: how, how far it is, the reference handed on, the receipt."""

import json
from typing import Any

import httpx
import pytest

from actions.paying import PaymentQuestion
from actions.people import PeopleClient
from tests.actions.orders import ORDER, ORDER_CODE
from tests.actions.parcels import refusal
from tests.actions.rasa import Played, play, said_by_person, tracker
from tests.backend.fake_backend import Backend, as_json

FORM = "reference_form"
REFERENCE = "MP250127.1015.C04417"
PAYMENT = ORDER["payment"]
TAKEN = PAYMENT | {"status": "checking", "reference": REFERENCE}
RECEIPT: dict[str, Any] = {
    "number": "RECU-1",
    "about": ORDER_CODE,
    "issued_at": "2025-01-27T13:00:00Z",
    "issuer": "Kimia Express",
    "lines": [{"label": "Poulet *Mayo*", "quantity": 2, "amount": {"amount": "6000", "currency": "XAF"}}] * 12,
    "discount": {"amount": "500", "currency": "XAF"},
    "total": {"amount": "5500", "currency": "XAF"},
    "payment": PAYMENT | {"status": "paid", "reference": REFERENCE},
}


async def ask(people: PeopleClient, backend: Backend, text: str = "…", form: str | None = None, **more: Any) -> Played:
    message = said_by_person("payment_question", text=text, **more)
    return await play(PaymentQuestion(people, backend.client()), tracker(message, form=form))


def order(**payment: Any) -> dict[str, Any]:
    return ORDER | {"payment": PAYMENT | payment, "allowed": ["pay"] if payment.get("status") == "due" else []}


async def test_what_is_due_by_mobile_money_begins_the_question_for_the_reference(people: PeopleClient) -> None:
    played = await ask(people, Backend(as_json(order(status="due"))), order_code=ORDER_CODE)

    assert played.next_action == FORM
    assert played.slots["payment_owed"]["about"] == ORDER_CODE


async def test_in_the_middle_of_another_form_paying_is_explained_and_that_form_goes_on(people: PeopleClient) -> None:
    lists = {"/v1/orders": {"orders": [order(status="due")]}, "/v1/missions": {"missions": []}}
    backend = Backend(lambda request: as_json(lists[request.url.path]))

    played = await ask(people, backend, form="parcel_form")

    assert played.names == ["utter_payment"]
    assert "06 500 0001" in played.text
    assert played.next_action is None


@pytest.mark.parametrize(
    ("payment", "words"),
    [
        ({"status": "due", "method": "cash"}, "en espèces"),
        ({"status": "checking", "reference": REFERENCE}, REFERENCE),
        ({"status": "paid", "paid_at": "2025-01-27T13:00:00Z"}, "lun. 27 janv., 14:00"),
        ({"status": "refunded"}, "remboursés"),
        ({"status": "cancelled"}, "rien à payer"),
        ({"status": "held_back"}, "voyez l'équipe"),
    ],
)
async def test_how_far_a_payment_is_is_told(people: PeopleClient, payment: dict[str, Any], words: str) -> None:
    found = ORDER | {"payment": PAYMENT | payment, "allowed": []}

    played = await ask(people, Backend(as_json(found)), order_code=ORDER_CODE)

    assert words in played.text


async def test_what_has_no_payment_is_for_the_team(people: PeopleClient) -> None:
    played = await ask(people, Backend(as_json(ORDER | {"payment": None, "allowed": []})), order_code=ORDER_CODE)

    assert played.names == ["utter_payment_unknown"]


async def test_a_reference_in_the_message_is_handed_on(people: PeopleClient) -> None:
    backend = Backend(as_json(TAKEN, 201))

    played = await ask(people, backend, order_code=ORDER_CODE, payment_reference=REFERENCE)

    assert played.names == ["utter_reference_taken"]
    assert json.loads(backend.requests[-1].content)["about"] == ORDER_CODE


async def test_a_reference_for_somebody_elses_order_pays_nothing(people: PeopleClient) -> None:
    backend = Backend(httpx.Response(404))

    played = await ask(people, backend, order_code=ORDER_CODE, payment_reference=REFERENCE)

    assert played.names == ["utter_delivery_not_found"]


async def test_the_receipt_is_a_text_that_fits(people: PeopleClient) -> None:
    paid = order(status="paid")

    played = await ask(people, Backend(as_json(paid), as_json(RECEIPT)), "un reçu svp", order_code=ORDER_CODE)

    assert played.names == ["utter_receipt"]
    for words in ("2 × Poulet ∗Mayo∗", "… et 2 autres lignes", "Réduction", "MTN MoMo, réf. " + REFERENCE):
        assert words in played.text


@pytest.mark.parametrize("text", ["facture svp", "je veux mon reçu", "the invoice please", "reçu"])
async def test_before_it_is_paid_there_is_no_receipt(people: PeopleClient, text: str) -> None:
    backend = Backend(as_json(order(status="due")), refusal("not_paid"))

    assert (await ask(people, backend, text, order_code=ORDER_CODE)).names == ["utter_not_paid_yet"]


@pytest.mark.parametrize("text", ["avez-vous reçu mon paiement", "j'ai reçu le colis", "comment payer"])
async def test_a_word_that_means_something_else_asks_for_no_receipt(people: PeopleClient, text: str) -> None:
    backend = Backend(as_json(order(status="checking", reference=REFERENCE)))

    assert (await ask(people, backend, text, order_code=ORDER_CODE)).names == ["utter_payment"]


async def test_without_anything_to_pay_it_is_explained(people: PeopleClient) -> None:
    backend = Backend(lambda request: as_json({request.url.path.removeprefix("/v1/"): []}))

    assert (await ask(people, backend)).names == ["utter_payment_general"]
