"""The reference of a payment: asked for, understood whenever it comes, told once."""

from typing import Any

import httpx
import pytest

from actions.checkout.paying import AskReference, GiveReference, ReferenceLater, ValidateReferenceForm
from actions.people import PeopleClient
from tests.actions.checkouts import ASKER, DUE, PLACED
from tests.actions.parcels import refusal
from tests.actions.rasa import play, said_by_person, tracker
from tests.backend.fake_backend import Backend, as_json, fails

REFERENCE = "MP250127.1015.C04417"
OWED = {
    "about": "CMD-20250127-012",
    "amount": "6000",
    "currency": "XAF",
    "provider": "MTN MoMo",
    "pay_to": "+242065000001",
}
CHECKING = DUE | {"status": "checking", "reference": REFERENCE}
GIVEN: dict[str, Any] = {"payment_owed": OWED, "payment_reference": REFERENCE}
PAYABLE: dict[str, Any] = {"orders": [PLACED | {"allowed": ["pay"]}]}


def conversation(intent: str = "nlu_fallback", found: dict[str, str] | None = None, **slots: Any) -> Any:
    return tracker(said_by_person(intent, **(found or {})), ASKER, **slots)


@pytest.mark.parametrize(("problem", "part"), [("how", "par MTN MoMo au *06 500 0001*"), ("none", "J'attends")])
async def test_how_to_pay_is_told_in_full_the_first_time(people: PeopleClient, problem: str, part: str) -> None:
    ask = AskReference(people, Backend(httpx.Response(500)).client())

    played = await play(ask, conversation(payment_owed=OWED, reference_problem=problem))

    assert part in played.text
    assert "6\u00a0000\u00a0FCFA" in played.text
    assert played.slots["reference_problem"] == "none"


@pytest.mark.parametrize(
    ("said", "taken"), [("c'est le mp250127.1015.c04417", REFERENCE), ("j'ai payé", None), ("88213 ou 88214", None)]
)
async def test_one_reference_is_taken(people: PeopleClient, said: str, taken: str | None) -> None:
    asked = conversation(requested_slot="payment_reference", form="reference_form")
    asked.events.append({"event": "slot", "name": "payment_reference", "value": said})

    played = await play(ValidateReferenceForm(people), asked)

    assert played.slots["payment_reference"] == taken
    assert played.slots["reference_problem"] == ("none" if taken else "unreadable")


async def test_the_reference_is_told_once_in_whichever_turn(people: PeopleClient) -> None:
    backend = Backend(fails(httpx.ReadError), fails(httpx.ReadError), as_json(CHECKING, 201))
    give = GiveReference(people, backend.client())

    lost = await play(give, conversation(**GIVEN))
    retried = {"payment_reference": REFERENCE, "pay_about": "CMD-20250127-012"}
    found = await play(give, conversation("affirm", retried, payment_owed=OWED))

    assert lost.names == ["utter_reference_in_doubt"]
    assert lost.payloads[0].startswith('/affirm{"payment_reference"')
    assert found.names == ["utter_reference_taken"]
    assert found.slots["payment_owed"] is None
    assert len({request.headers["Idempotency-Key"] for request in backend.requests}) == 1


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        (PAYABLE, "utter_reference_taken"),
        ({"orders": []}, "utter_reference_for_nothing"),
        ({"orders": [*PAYABLE["orders"], PAYABLE["orders"][0] | {"code": "CMD-2"}]}, "utter_reference_for_which"),
    ],
)
async def test_out_of_the_blue_it_pays_for_what_is_to_be_paid(
    people: PeopleClient, orders: dict[str, Any], said: str
) -> None:
    backend = Backend(as_json(orders), as_json({"missions": []}), as_json(CHECKING, 201))

    played = await play(
        GiveReference(people, backend.client()), conversation(found={"payment_reference": f"ref {REFERENCE}"})
    )

    assert played.names == [said]
    assert played.next_action == "action_listen"  # no rule stands behind what was not understood


async def test_what_has_paid_for_something_else_is_asked_for_again(people: PeopleClient) -> None:
    backend = Backend(refusal("payment_reference_used"))

    played = await play(GiveReference(people, backend.client()), conversation(**GIVEN))

    assert played.next_action == "reference_form"
    assert played.slots["reference_problem"] == "used"


async def test_what_is_settled_needs_no_reference(people: PeopleClient) -> None:
    played = await play(GiveReference(people, Backend(refusal("nothing_to_pay")).client()), conversation(**GIVEN))

    assert played.names == ["utter_nothing_to_pay"]
    assert played.slots["payment_owed"] is None


async def test_what_was_paid_at_once_is_told_so(people: PeopleClient) -> None:
    paid = CHECKING | {"status": "paid", "paid_at": "2025-01-27T09:00:00Z"}

    played = await play(GiveReference(people, Backend(as_json(paid, 201)).client()), conversation(**GIVEN))

    assert played.names == ["utter_reference_paid"]


async def test_later_keeps_the_order_and_what_is_owed() -> None:
    played = await play(ReferenceLater(), conversation("deny", payment_owed=OWED))

    assert "CMD-20250127-012" in played.text
    assert "payment_owed" not in played.slots
