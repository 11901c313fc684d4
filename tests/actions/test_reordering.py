"""The same again: a cart at the prices of now, or a parcel whose questions are answered; nothing is ordered yet."""

from typing import Any

import httpx
import pytest

from actions.people import PeopleClient
from actions.reordering import Reorder
from tests.actions.orders import DELIVERY, ORDER, ORDER_CODE
from tests.actions.rasa import Played, play, said_by_person, tracker
from tests.actions.shops import BREAD, in_cart, slot
from tests.backend.fake_backend import CODE, MISSION, Backend, as_json

FRANCS = {"currency": "XAF"}
LINE: dict[str, Any] = ORDER["lines"][0] | {"unit_price": FRANCS | {"amount": "3300"}}
QUOTE: dict[str, Any] = {
    "merchant": ORDER["merchant"],
    "lines": [LINE],
    "subtotal": FRANCS | {"amount": "6600"},
    "discount": FRANCS | {"amount": "0"},
    "total": FRANCS | {"amount": "6600"},
    "problems": [],
}
AGAIN = [("poulet-mayo", 2, ["double-plantains"])]


async def again(people: PeopleClient, backend: Backend, text: str = "…", **more: Any) -> Played:
    slots = {name: more.pop(name) for name in ("cart", "shown_delivery", "shown_order") if name in more}
    message = said_by_person("reorder", text=text, **more)
    return await play(Reorder(people, backend.client()), tracker(message, **slots))


def held(quote: dict[str, Any] = QUOTE, orders: tuple[Any, ...] = (ORDER,)) -> Backend:
    known: dict[str, Any] = {
        f"/v1/orders/{ORDER_CODE}": ORDER,
        f"/v1/missions/{CODE}": MISSION,
        "/v1/orders": {"orders": list(orders)},
        "/v1/missions": {"missions": [DELIVERY, MISSION]},
        "/v1/order-quotes": quote,
    }
    return Backend(
        lambda request: as_json(known[request.url.path]) if request.url.path in known else httpx.Response(404)
    )


@pytest.mark.parametrize(
    "named", [{"order_code": ORDER_CODE}, {"latest": "order", "text": "reprends ma dernière commande"}, {}]
)
async def test_an_order_becomes_a_cart_at_the_prices_of_now(people: PeopleClient, named: dict[str, str]) -> None:
    played = await again(people, held(), **named)

    assert in_cart(played.slots) == AGAIN
    assert ORDER_CODE in played.text
    assert "3 300 FCFA" in played.text.replace("\u00a0", " ")  # dearer than then, and said


@pytest.mark.parametrize("text", ["ma dernière commande", "my last order please"])
async def test_the_last_order_by_itself_is_shown(people: PeopleClient, text: str) -> None:
    played = await again(people, held(), text, latest="order")

    assert played.names == ["utter_order"]


@pytest.mark.parametrize(
    "text", ["refaites ma dernière commande", "répète la dernière commande", "repeat my last order", "same last order"]
)
async def test_who_wants_the_last_one_again_gets_a_cart(people: PeopleClient, text: str) -> None:
    assert in_cart((await again(people, held(), text, latest="order")).slots) == AGAIN


async def test_what_is_no_longer_sold_is_said_and_left_out(people: PeopleClient) -> None:
    gone = LINE | {"product_id": "gateau", "name": "Gâteau *coco*", "choices": []}
    quote = QUOTE | {"problems": [{"code": "product_gone", "product_id": "gateau"}]}
    order = ORDER | {"lines": [ORDER["lines"][0], gone]}

    played = await again(people, held(quote, (order,)))

    assert in_cart(played.slots) == AGAIN
    assert "N'est plus vendu : Gâteau ∗coco∗" in played.text


async def test_where_nothing_is_sold_any_more_the_cart_stays_as_it_is(people: PeopleClient) -> None:
    quote = QUOTE | {"problems": [{"code": "product_gone", "product_id": "poulet-mayo"}], "lines": []}

    played = await again(people, held(quote), cart=slot(BREAD), replace_cart="yes", order_code=ORDER_CODE)

    assert played.names == ["utter_reorder_gone"]
    assert "cart" not in played.slots


async def test_a_cart_with_something_else_is_only_replaced_by_who_says_so(people: PeopleClient) -> None:
    asked = await again(people, held(), cart=slot(BREAD))

    assert asked.names == ["utter_reorder_replaces"]
    assert asked.payloads[0] == f'/reorder{{"order_code": "{ORDER_CODE}", "replace_cart": "yes"}}'
    played = await again(people, held(), cart=slot(BREAD), order_code=ORDER_CODE, replace_cart="yes")
    assert in_cart(played.slots) == AGAIN


async def test_a_second_tap_fills_the_cart_with_the_same(people: PeopleClient) -> None:
    first = await again(people, held(), order_code=ORDER_CODE)

    second = await again(people, held(), order_code=ORDER_CODE, cart=first.slots["cart"])

    assert in_cart(second.slots) == AGAIN


@pytest.mark.parametrize(
    "named", [{"delivery_code": CODE}, {"text": "relance le même colis"}, {"shown_delivery": CODE}]
)
async def test_a_delivery_becomes_a_parcel_whose_questions_are_answered(
    people: PeopleClient, named: dict[str, str]
) -> None:
    played = await again(people, held(), **named)

    assert played.names == ["utter_parcel_again"]
    assert played.next_action == "parcel_form"
    assert played.slots["parcel_pickup"] == {"address": "10 Avenue de la Paix"}
    assert played.slots["parcel_recipient_phone"] == "+242061234576"
    assert played.slots["parcel_value"] == "8000"
    assert played.slots["parcel_note"] == ""
    assert played.slots["parcel_confirmed"] is None


async def test_what_the_backend_does_not_tell_is_asked(people: PeopleClient) -> None:
    bare = MISSION | {
        "recipient": {"name": "Rock Samba"},
        "pickup": {"location": {"latitude": -4.2, "longitude": 15.2}},
    }
    backend = Backend(as_json(bare | {"value": {"amount": "5", "currency": "EUR"}}))

    played = await again(people, backend, delivery_code=CODE)

    assert played.slots["parcel_recipient_phone"] is None
    assert played.slots["parcel_pickup"] == {"latitude": -4.2, "longitude": 15.2}
    assert played.slots["parcel_value"] == ""


async def test_who_has_ordered_nothing_is_told(people: PeopleClient) -> None:
    backend = Backend(lambda request: as_json({request.url.path.removeprefix("/v1/"): []}))

    assert (await again(people, backend)).names == ["utter_nothing_to_reorder"]


async def test_nobody_orders_what_somebody_else_ordered(people: PeopleClient) -> None:
    played = await again(people, Backend(httpx.Response(404)), order_code=ORDER_CODE)

    assert played.names == ["utter_delivery_not_found"]


def _found(known: Any) -> httpx.Response:
    return as_json(known) if known else httpx.Response(404)
