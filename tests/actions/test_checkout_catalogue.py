"""A cart from WhatsApp's catalogue: taken at the backend's prices, one merchant's things at a time."""

import json
from typing import Any

from actions.checkout.catalogue import TakeCart
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.checkouts import ASKER, cart
from tests.actions.rasa import Played, play, said_by_person, tracker


def item(product: str, quantity: int = 1, price: str = "2500", currency: str = "XAF") -> str:
    return json.dumps({"id": product, "quantity": quantity, "price": price, "currency": currency})


async def sent(people: PeopleClient, backend: BackendClient, *items: str, note: str = "", **slots: Any) -> Played:
    said = said_by_person("send_cart", catalogue_item=list(items), **({"catalogue_note": note} if note else {}))
    return await play(TakeCart(people, backend), tracker(said, ASKER, **slots))


async def test_what_was_sent_becomes_the_cart(people: PeopleClient, backend: BackendClient) -> None:
    played = await sent(people, backend, item("poulet-mayo", 2), item("chikwangue", 1, "500"), note="pour 13h")

    lines = [(line["product_id"], line["quantity"]) for line in played.slots["cart"]["lines"]]
    assert lines == [("poulet-mayo", 2), ("chikwangue", 1)]
    assert played.slots["checkout_note"] == "pour 13h"
    assert played.payloads[0] == "/checkout"
    assert "au lieu de" not in played.text


async def test_other_prices_than_whatsapp_showed_are_pointed_out(people: PeopleClient, backend: BackendClient) -> None:
    cheaper, odd = await sent(people, backend, item("poulet-mayo", 1, "2000")), item("chikwangue", 1, "?", "")

    assert "2\u00a0500\u00a0FCFA au lieu de 2\u00a0000\u00a0FCFA" in cheaper.text
    assert "au lieu de" not in (await sent(people, backend, odd)).text


async def test_what_is_unknown_or_needs_a_choice_is_named_and_left_out(
    people: PeopleClient, backend: BackendClient
) -> None:
    played = await sent(people, backend, item("pizza"), item("../etc"), item("pagne-wax"), item("saka-saka"))

    assert "pizza, ../etc" in played.text
    assert "Pagne wax" in played.text
    assert [line["product_id"] for line in played.slots["cart"]["lines"]] == ["saka-saka"]


async def test_of_several_merchants_one_is_chosen(people: PeopleClient, backend: BackendClient) -> None:
    played = await sent(people, backend, item("saka-saka"), item("riz-parfume-5kg", 2))

    assert played.titles == ["Chez Maman Wivine", "Supermarché du Fleuve"]
    assert "cart" not in played.slots
    intent, _, entities = played.payloads[1].partition("{")
    (chosen,) = json.loads("{" + entities)["catalogue_item"]
    assert intent == "/send_cart"
    assert (json.loads(chosen)["id"], json.loads(chosen)["quantity"]) == ("riz-parfume-5kg", 2)


async def test_the_cart_before_is_replaced_and_that_is_said(people: PeopleClient, backend: BackendClient) -> None:
    before, same = cart(("chikwangue", 3)), cart(("saka-saka", 1))

    assert "(3 articles)" in (await sent(people, backend, item("saka-saka"), cart=before)).text
    assert "remplace" not in (await sent(people, backend, item("saka-saka"), cart=same)).text


async def test_nothing_that_is_sold_makes_no_cart(people: PeopleClient, backend: BackendClient) -> None:
    played = await sent(people, backend, item("pizza"))

    assert played.names == [None, "utter_cart_unknown"]
    assert played.slots == {}
