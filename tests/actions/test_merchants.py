"""How to reach who sells: whose card it is, and what is said where there is none."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from actions.merchants import ContactMerchant, named_merchant
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.orders import DELIVERY, ITS_DELIVERY, ORDER, ORDER_CODE
from tests.actions.rasa import Played, play, said_by_person, tracker
from tests.actions.shops import CHICKEN, slot
from tests.backend.fake_backend import CODE, MISSION, Backend, as_json
from trade.merchants import Merchant

WIVINE: dict[str, Any] = {
    "id": "maman-wivine",
    "name": "Chez *Maman* Wivine",
    "open_now": False,
    "opens_at": "2025-01-28T07:00:00Z",
    "hours": {"mon-fri": "08:00-19:00"},
    "address": "47 Rue Mayama",
    "phone": "+242066110201",
}


async def ask(people: PeopleClient, backend: Any, text: str = "…", **more: Any) -> Played:
    slots = {name: more.pop(name) for name in ("cart", "shown_merchant", "shown_product") if name in more}
    client = backend.client() if isinstance(backend, Backend) else backend
    message = said_by_person("contact_merchant", text=text, **more)
    return await play(ContactMerchant(people, client), tracker(message, "aline", **slots))


def shop(**more: Any) -> Backend:
    """A backend with one order and one merchant."""
    aline = {"customer_phone": "+242066667777"}
    known: dict[str, Any] = {
        f"/v1/orders/{ORDER_CODE}": ORDER | aline,
        "/v1/orders": {"orders": [ORDER | aline]},
        "/v1/missions": {"missions": [DELIVERY | aline]},
        f"/v1/missions/{CODE}": MISSION | aline,
        "/v1/merchants": {"merchants": [WIVINE]},
        "/v1/merchants/maman-wivine": WIVINE,
    } | more
    return Backend(
        lambda request: as_json(known[request.url.path]) if known.get(request.url.path) else httpx.Response(404)
    )


@pytest.mark.parametrize(
    "named", [{"order_code": ORDER_CODE}, {"latest": "order"}, {"merchant_id": "maman-wivine"}, {}]
)
async def test_the_card_comes_with_the_hours_and_whether_it_is_open(
    people: PeopleClient, named: dict[str, str]
) -> None:
    played = await ask(people, shop(), **named)

    assert played.names == ["utter_merchant_contact", None]
    for words in ("Chez ∗Maman∗ Wivine", "🌙 Fermé", "lun–ven 08:00–19:00", "47 Rue Mayama"):
        assert words in played.text
    assert "+242066110201" in str(played.said[-1])


@pytest.mark.parametrize("slots", [{"cart": slot(CHICKEN)}, {"shown_merchant": "maman-wivine"}])
async def test_who_is_in_the_shop_means_that_one(people: PeopleClient, slots: dict[str, Any]) -> None:
    backend = shop(**{"/v1/orders": {"orders": []}})

    assert (await ask(people, backend, **slots)).names == ["utter_merchant_contact", None]


async def test_one_without_a_number_is_told_without_a_card(people: PeopleClient) -> None:
    backend = shop(**{"/v1/merchants/maman-wivine": WIVINE | {"phone": None}})

    assert (await ask(people, backend, order_code=ORDER_CODE)).names == ["utter_merchant_without_number"]


async def test_one_that_is_gone_from_the_shop_is_told_as_the_order_tells_it(people: PeopleClient) -> None:
    played = await ask(people, shop(**{"/v1/merchants/maman-wivine": None}), order_code=ORDER_CODE)

    assert played.names == ["utter_merchant_contact", None]
    assert "Fermé" not in played.text


async def test_a_parcel_has_no_seller(people: PeopleClient) -> None:
    assert (await ask(people, shop(), delivery_code=CODE)).names == ["utter_delivery_without_merchant"]


async def test_nobody_learns_who_sold_to_somebody_else(people: PeopleClient) -> None:
    played = await ask(people, Backend(httpx.Response(404)), order_code=ORDER_CODE)

    assert played.names == ["utter_delivery_not_found"]


async def test_without_any_hint_it_is_chosen(people: PeopleClient, backend: BackendClient) -> None:
    played = await ask(people, backend, "je veux parler au vendeur")

    assert played.names == ["utter_choose_merchant"]
    assert '/contact_merchant{"merchant_id": "maman-wivine"}' in played.payloads
    assert any("fermé" in button["description"] for button in played.said[0]["buttons"])


async def test_where_nobody_sells_the_team_helps(people: PeopleClient) -> None:
    backend = Backend(lambda request: httpx.Response(404))

    assert (await ask(people, backend)).names == ["utter_no_merchant"]


SHOPS = tuple(
    Merchant(id=name, name=name, open_now=True)
    for name in ("Chez Maman Wivine", "Maquis Le Flamboyant", "Supermarché du Fleuve", "Pharmacie Loutassi")
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("le contact de maman wivine", "Chez Maman Wivine"),
        ("numéro de chez mama wivinne svp", "Chez Maman Wivine"),
        ("appeler le flamboyan", "Maquis Le Flamboyant"),
        ("la pharmacie est ouverte ?", "Pharmacie Loutassi"),
        ("le numéro du restaurant", None),
        ("je veux parler au vendeur", None),
    ],
)
def test_a_merchant_is_known_by_its_name(text: str, name: str | None) -> None:
    found = named_merchant(text, SHOPS)

    assert (found.name if found else None) == name


def test_a_name_that_several_have_names_nobody() -> None:
    twins = (SHOPS[0], replace(SHOPS[0], id="other"))

    assert named_merchant("maman wivine", twins) is None


async def test_its_delivery_code_names_the_order(people: PeopleClient) -> None:
    backend = shop(**{f"/v1/missions/{ITS_DELIVERY}": DELIVERY | {"customer_phone": "+242066667777"}})

    assert (await ask(people, backend, delivery_code=ITS_DELIVERY)).names == ["utter_merchant_contact", None]


def _found(known: Any) -> httpx.Response:
    return as_json(known) if known else httpx.Response(404)
