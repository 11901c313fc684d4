"""A cart is priced by the backend alone, ordered once, and refused for a reason."""

import asyncio
from typing import Any

import pytest

from tests.demo.people import Person, refusal
from tests.demo.told_clock import ToldClock
from tests.demo.wishes import CART, FAR_AWAY, HOME, MARIE, MOMO, cart, dinars, fcfa, line, order_at

FEE = 1000  # from Moungali to Poto-Poto
CHICKENS = fcfa(2 * 2500 + FEE)
FURTHER = {"address": "88 Rue Ndolo, Talangaï"}


async def _quote(person: Person, wanted: dict[str, Any]) -> Any:
    return await person.done("/v1/order-quotes", wanted)


async def _problems(person: Person, wanted: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in (await _quote(person, wanted))["problems"]]


async def _ordered(person: Person, wanted: dict[str, Any] = CART, **more: Any) -> Any:
    total = (await _quote(person, wanted))["total"]
    return await person.done("/v1/orders", order_at(total, wanted, **more))


async def test_a_quote_adds_up(grace: Person) -> None:
    quote = await _quote(grace, cart(line("poulet-mayo", 2, "double-plantains", "piment"), line("chikwangue", 3)))

    assert [each["total"] for each in quote["lines"]] == [fcfa(6000), fcfa(1500)]
    assert quote["lines"][0]["unit_price"] == fcfa(3000)
    assert quote["lines"][0]["choice_names"] == ["Double portion de plantains", "Piment à part"]
    assert (quote["subtotal"], quote["delivery_fee"], quote["total"]) == (fcfa(7500), fcfa(FEE), fcfa(8500))
    assert (quote["merchant"]["id"], quote["problems"]) == ("maman-wivine", [])


async def test_a_quote_without_an_address_is_without_delivery(grace: Person) -> None:
    quote = await _quote(grace, {"lines": [line("poulet-mayo")]})

    assert (quote["delivery_fee"], quote["expected_at"], quote["total"]) == (None, None, fcfa(2500))


async def test_millimes_are_kept(sami: Person) -> None:
    quote = await _quote(sami, {"lines": [line("couscous-poisson", 1), line("brik-oeuf", 1, "fromage")]})

    assert (quote["subtotal"]["amount"], quote["subtotal"]["currency"]) == ("24.2", "TND")


@pytest.mark.parametrize(
    ("wanted", "problems"),
    [
        (cart(line("nothing")), ["product_gone"]),
        (cart(line("harissa")), ["product_gone"]),  # of another business
        (cart(line("jus-bissap", 3)), ["out_of_stock"]),
        (cart(line("ngoki-braise", 2)), ["out_of_stock"]),
        (cart(line("pagne-wax", 4, "bleu"), line("pagne-wax", 3, "rouge")), ["out_of_stock"]),
        (cart(line("pagne-wax", 1)), ["choices_wrong"]),
        (cart(line("pagne-wax", 1, "vert")), ["choices_wrong"]),
        (cart(line("pagne-wax", 1, "bleu", "rouge")), ["choices_wrong"]),
        (cart(line("poulet-mayo", 1, "riz", "riz")), ["choices_wrong"]),
        (cart(line("poulet-mayo", 1, "fromage")), ["choices_wrong"]),
        (cart(line("poulet-mayo"), line("poisson-braise", 1, "grand")), ["several_merchants"]),
        (cart(line("brochettes-boeuf")), []),
        (cart(line("jus-gingembre")), ["below_minimum"]),
        (cart(line("cahiers")), ["merchant_closed"]),
        (CART | {"dropoff": FAR_AWAY}, ["outside_area"]),
        (CART | {"dropoff": {"address": "ici"}}, ["address_unclear"]),
        (CART | {"promo_code": "GRATUIT"}, ["promo_unknown"]),
        (CART | {"promo_code": "NOEL2024"}, ["promo_expired"]),
        (CART | {"promo_code": "GATEAU15"}, ["promo_not_applicable"]),
        (cart(line("chikwangue"), promo_code="MOUNGALI500"), ["promo_not_applicable"]),
        (
            cart(line("nothing"), line("cahiers", 99), promo_code="x"),
            ["product_gone", "merchant_closed", "promo_unknown"],
        ),
    ],
)
async def test_what_stands_in_the_way_is_told_at_once_and_refused_for_the_first(
    grace: Person, wanted: dict[str, Any], problems: list[str]
) -> None:
    quote = await _quote(grace, wanted)

    placed = await grace.post("/v1/orders", order_at(quote["total"], wanted))

    assert [problem["code"] for problem in quote["problems"]] == problems
    assert placed.status_code == (409 if problems else 201)
    if problems:
        assert refusal(placed) == (409, problems[0])
        assert (await grace.read("/v1/orders"))["orders"] == []


async def test_a_problem_tells_what_is_needed_to_explain_it(grace: Person, clock: ToldClock) -> None:
    clock.is_now("2025-01-27T09:00:00+01:00")

    (closed,) = (await _quote(grace, cart(line("brochettes-boeuf"))))["problems"]
    (short,) = (await _quote(grace, cart(line("eau-pack", 5))))["problems"]
    await grace.http.post("/demo/merchants/flamboyant", json={"open": True})
    (small,) = (await _quote(grace, cart(line("jus-gingembre"))))["problems"]

    assert closed["opens_at"] == "2025-01-27T11:00:00+01:00"
    assert (short["product_id"], short["in_stock"]) == ("eau-pack", 2)
    assert small["minimum"] == fcfa(2000)


async def test_a_promo_code_counts_once_however_it_is_typed(grace: Person, patrick: Person) -> None:
    wanted = CART | {"promo_code": " bienvenue "}
    order = await _ordered(grace, wanted)

    assert (order["discount"], order["total"], order["promo_code"]) == (fcfa(500), fcfa(5000 - 500 + FEE), "BIENVENUE")
    assert await _problems(grace, wanted) == ["promo_used"]
    assert await _problems(patrick, wanted) == []
    await grace.done(f"/v1/orders/{order['code']}/cancel", {})
    assert await _problems(grace, wanted) == []  # what was cancelled does not count


async def test_an_order_is_written_as_it_was_agreed_with_a_mission_that_brings_it(grace: Person) -> None:
    order = await _ordered(grace, CART, note="Sans oignons", recipient=MARIE, payment=MOMO)

    assert (order["code"], order["status"], order["total"]) == ("CMD-20250127-001", "placed", CHICKENS)
    assert (order["merchant"]["phone"], order["note"]) == ("+242066110201", "Sans oignons")
    assert order["recipient"]["name"] == "Marie Okemba"
    assert order["allowed"] == ["cancel", "change_dropoff", "pay", "claim"]
    mission = await grace.read(f"/v1/missions/{order['mission_code']}")
    assert (mission["order_code"], mission["dropoff"]["address"]) == (order["code"], HOME["address"])
    assert mission["pickup"]["address"] == "Chez Maman Wivine, 47 Rue Mayama, Moungali"
    assert mission["expected_at"] == order["expected_at"]
    assert mission["allowed"] == ["claim"]  # the rest goes with the order
    assert (await grace.read("/v1/orders"))["orders"] == [order]


async def test_an_order_follows_its_mission(grace: Person) -> None:
    order = await _ordered(grace)
    statuses = []
    for _ in range(4):
        await grace.http.post(f"/demo/missions/{order['mission_code']}/advance")
        statuses.append((await grace.read(f"/v1/orders/{order['code']}"))["status"])

    assert statuses == ["preparing", "preparing", "on_the_way", "delivered"]
    assert (await grace.read(f"/v1/orders/{order['code']}"))["payment"]["status"] == "paid"


async def test_a_price_that_changed_meanwhile_is_told_and_agreed_on_again(grace: Person) -> None:
    told = (await _quote(grace, CART))["total"]
    await grace.http.post("/demo/products/poulet-mayo", json={"price": "2800"})

    answer = await grace.post("/v1/orders", order_at(told))
    agreed = await grace.done("/v1/orders", order_at(answer.json()["total"]))

    assert refusal(answer) == (409, "price_changed")
    assert agreed["total"] == fcfa(2 * 2800 + FEE)


async def test_another_currency_is_another_price(grace: Person) -> None:
    answer = await grace.post("/v1/orders", order_at(dinars(CHICKENS["amount"])))

    assert refusal(answer) == (409, "price_changed")


async def test_the_last_one_is_sold_once(grace: Person, patrick: Person) -> None:
    last = cart(line("ngoki-braise"))
    total = (await _quote(grace, last))["total"]

    answers = await asyncio.gather(
        *(person.post("/v1/orders", order_at(total, last)) for person in (grace, patrick) for _ in range(10))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert {refusal(answer) for answer in answers if answer.status_code == 409} == {(409, "out_of_stock")}
    assert (await grace.read("/v1/products/ngoki-braise"))["in_stock"] == 0


async def test_a_cancelled_order_puts_everything_back(grace: Person) -> None:
    order = await _ordered(grace, cart(line("eau-pack", 2)))
    sold_out = await grace.read("/v1/products/eau-pack")

    cancelled = await grace.done(f"/v1/orders/{order['code']}/cancel", {})

    assert (sold_out["in_stock"], sold_out["available"]) == (0, False)
    assert (await grace.read("/v1/products/eau-pack"))["in_stock"] == 2
    assert (cancelled["status"], cancelled["payment"]["status"]) == ("cancelled", "cancelled")
    assert refusal(await grace.post(f"/v1/orders/{order['code']}/cancel", {})) == (409, "too_late_to_cancel")
    assert (await grace.read("/v1/products/eau-pack"))["in_stock"] == 2


async def test_an_order_that_the_business_cancels_is_put_back_and_paid_back(grace: Person) -> None:
    order = await _ordered(grace, cart(line("eau-pack", 2)), payment=MOMO | {"reference": "MP250127.1015"})

    await grace.http.post(f"/demo/missions/{order['mission_code']}/cancel")

    cancelled = await grace.read(f"/v1/orders/{order['code']}")
    assert (cancelled["status"], cancelled["payment"]["status"]) == ("cancelled", "refunded")
    assert (await grace.read("/v1/products/eau-pack"))["in_stock"] == 2


async def test_what_is_being_prepared_cannot_be_cancelled(grace: Person) -> None:
    order = await _ordered(grace)
    await grace.http.post(f"/demo/missions/{order['mission_code']}/advance")

    answers = [
        await grace.post(f"/v1/orders/{order['code']}/cancel", {}),
        await grace.post(f"/v1/missions/{order['mission_code']}/cancel", {}),
    ]

    assert [refusal(answer) for answer in answers] == [(409, "too_late_to_cancel")] * 2


async def test_an_order_goes_elsewhere_at_the_new_price(grace: Person) -> None:
    order = await _ordered(grace)
    path = f"/v1/orders/{order['code']}/dropoff"

    told = await grace.post(path, {"dropoff": FURTHER, "expected_total": order["total"]})
    moved = await grace.done(path, {"dropoff": FURTHER, "expected_total": told.json()["total"]})

    assert refusal(told) == (409, "price_changed")
    assert moved["dropoff"]["address"] == FURTHER["address"]
    assert int(moved["delivery_fee"]["amount"]) > FEE
    assert moved["total"] == moved["payment"]["amount"] == told.json()["total"]


async def test_an_order_on_its_way_keeps_its_address(grace: Person) -> None:
    order = await _ordered(grace)
    for _ in range(3):
        await grace.http.post(f"/demo/missions/{order['mission_code']}/advance")

    answer = await grace.post(
        f"/v1/orders/{order['code']}/dropoff", {"dropoff": HOME, "expected_total": order["total"]}
    )

    assert refusal(answer) == (409, "too_late_to_change")


async def test_nobody_sees_or_touches_an_order_of_somebody_else(grace: Person, patrick: Person) -> None:
    order = await _ordered(grace)
    path = f"/v1/orders/{order['code']}"

    answers = [
        await patrick.get(path),
        await patrick.get(f"/v1/receipts/{order['code']}"),
        await patrick.get(f"/v1/missions/{order['mission_code']}"),
        await patrick.post(f"{path}/cancel", {}),
        await patrick.post(f"{path}/dropoff", {"dropoff": HOME, "expected_total": order["total"]}),
        await patrick.post("/v1/payments", {"about": order["code"], "reference": "MP12345"}),
        await patrick.post("/v1/claims", {"about": order["code"], "kind": "late"}),
        await patrick.post("/v1/ratings", {"about": order["code"], "score": 1}),
    ]

    assert {refusal(answer) for answer in answers} == {(404, "not_found")}
    assert (await patrick.read("/v1/orders"))["orders"] == []
    assert (await grace.read(path)) == order


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"lines": []}, "lines in the body is wrong"),
        ({"lines": [line("poulet-mayo")] * 51}, "lines in the body is wrong"),
        ({"lines": [line("poulet-mayo", 0)]}, "lines.0.quantity in the body is wrong"),
        ({"lines": [line("poulet-mayo", 100)]}, "lines.0.quantity in the body is wrong"),
        ({"lines": [line("../etc")]}, "lines.0.product_id in the body is wrong"),
        ({"dropoff": None}, "dropoff in the body is wrong"),
        ({"payment": {}}, "payment.method is missing from the body."),
    ],
)
async def test_a_wrong_order_names_its_field(grace: Person, wrong: dict[str, Any], sentence: str) -> None:
    answer = await grace.post("/v1/orders", order_at(CHICKENS) | wrong)

    assert refusal(answer) == (422, "invalid")
    assert answer.json()["detail"].startswith(sentence)
