"""Mobile money is believed after a reference, each reference pays once, and what is paid has a receipt."""

from typing import Any

import pytest

from tests.demo.people import Person, refusal
from tests.demo.wishes import CART, CASH, MOMO, fcfa, order_at, parcel_at

FEE = fcfa(1600)
TOTAL = fcfa(6000)
REFERENCE = "MP250127.1015.C04417"


async def _order(person: Person, payment: dict[str, Any] = MOMO) -> Any:
    return await person.done("/v1/orders", order_at(TOTAL, payment=payment))


async def _advance(person: Person, order: dict[str, Any], times: int = 1) -> None:
    for _ in range(times):
        await person.http.post(f"/demo/missions/{order['mission_code']}/advance")


async def test_a_reference_is_checked_and_then_believed(grace: Person) -> None:
    order = await _order(grace)

    given = await grace.done("/v1/payments", {"about": order["code"], "reference": REFERENCE})
    await _advance(grace, order)
    paid = (await grace.read(f"/v1/orders/{order['code']}"))["payment"]

    assert (order["payment"]["status"], order["payment"]["pay_to"]) == ("due", "+242065000001")
    assert (given["status"], given["reference"], given["pay_to"]) == ("checking", REFERENCE, None)
    assert (paid["status"], paid["paid_at"]) == ("paid", "2025-01-27T11:00:00Z")


async def test_a_mission_is_paid_under_its_own_code_and_an_order_under_its_missions(grace: Person) -> None:
    parcel = await grace.done("/v1/missions", parcel_at(FEE, payment=MOMO))
    order = await _order(grace)

    of_parcel = await grace.done("/v1/payments", {"about": parcel["code"], "reference": "MP1.1"})
    of_order = await grace.done("/v1/payments", {"about": order["mission_code"], "reference": "MP2.2"})

    assert (of_parcel["about"], of_order["about"]) == (parcel["code"], order["code"])


async def test_a_reference_pays_for_one_thing_of_one_person(grace: Person, patrick: Person) -> None:
    await _order(grace, MOMO | {"reference": REFERENCE})
    second = await _order(grace)

    answers = [
        await grace.post("/v1/payments", {"about": second["code"], "reference": REFERENCE}),
        await patrick.post("/v1/orders", order_at(TOTAL, CART, payment=MOMO | {"reference": REFERENCE})),
    ]

    assert [refusal(answer) for answer in answers] == [(409, "payment_reference_used")] * 2
    assert (await patrick.read("/v1/orders"))["orders"] == []


async def test_what_is_not_due_cannot_be_paid(grace: Person) -> None:
    checking = await _order(grace, MOMO | {"reference": REFERENCE})
    free = "COUR-20250127-061"  # from before deliveries had a price

    for about in (checking["code"], free):
        answer = await grace.post("/v1/payments", {"about": about, "reference": "MP2.2"})
        assert refusal(answer) == (409, "nothing_to_pay")


async def test_who_chose_cash_may_pay_by_phone_after_all(grace: Person) -> None:
    order = await _order(grace, CASH)

    paid = await grace.done(
        "/v1/payments", {"about": order["code"], "reference": REFERENCE, "provider": "Airtel Money"}
    )

    assert (paid["method"], paid["provider"], paid["status"]) == ("mobile_money", "Airtel Money", "checking")


async def test_a_provider_that_is_not_offered_is_refused(grace: Person) -> None:
    order = await _order(grace)

    answer = await grace.post("/v1/payments", {"about": order["code"], "reference": REFERENCE, "provider": "D17"})

    assert refusal(answer) == (409, "payment_method_unavailable")


@pytest.mark.parametrize("reference", ["", "x", "a b c d", "MP;DROP", "x" * 65])
async def test_what_is_no_reference_is_refused(grace: Person, reference: str) -> None:
    order = await _order(grace)

    answer = await grace.post("/v1/payments", {"about": order["code"], "reference": reference})

    assert refusal(answer) == (422, "invalid")


async def test_a_receipt_comes_when_it_is_paid_and_adds_up(grace: Person) -> None:
    order = await grace.done("/v1/orders", order_at(fcfa(5500), CART | {"promo_code": "BIENVENUE"}))
    early = await grace.get(f"/v1/receipts/{order['code']}")
    await _advance(grace, order, 4)

    receipt = await grace.read(f"/v1/receipts/{order['code']}")

    assert refusal(early) == (409, "not_paid")
    assert (receipt["about"], receipt["issuer"]) == (order["code"], "Kimia Express")
    assert [(line["label"], line["quantity"]) for line in receipt["lines"]] == [("Poulet Mayo", 2), ("Livraison", 1)]
    amounts = [int(line["amount"]["amount"]) for line in receipt["lines"]]
    assert sum(amounts) - int(receipt["discount"]["amount"]) == int(receipt["total"]["amount"]) == 5500
    assert receipt["payment"]["status"] == "paid"


async def test_a_parcel_has_a_receipt_too(grace: Person) -> None:
    mission = await grace.done("/v1/missions", parcel_at(FEE, payment=MOMO | {"reference": REFERENCE}))
    await grace.http.post(f"/demo/missions/{mission['code']}/advance")

    receipt = await grace.read(f"/v1/receipts/{mission['code']}")

    assert (receipt["total"], receipt["discount"], len(receipt["lines"])) == (FEE, fcfa(0), 1)


@pytest.mark.parametrize("code", ["COUR-20250127-071", "CMD-20250127-999"])
async def test_there_is_no_receipt_for_somebody_else(grace: Person, code: str) -> None:
    assert refusal(await grace.get(f"/v1/receipts/{code}")) == (404, "not_found")
