"""The shop is found by category and by words, typos included, and knows when it is open."""

from typing import Any

import pytest

from tests.demo.people import Person, refusal
from tests.demo.told_clock import ToldClock


async def _ids(person: Person, path: str, **params: Any) -> list[str]:
    found = await person.read(path, limit=50, **params)
    return [each["id"] for each in found[path.rpartition("/")[2]]]


async def test_every_category_has_merchants_and_every_merchant_sells(grace: Person, sami: Person) -> None:
    for person in (grace, sami):
        for category in (await person.read("/v1/categories"))["categories"]:
            merchants = await _ids(person, "/v1/merchants", category=category["id"])
            assert merchants
            for merchant in merchants:
                assert await _ids(person, "/v1/products", merchant=merchant)


async def test_every_category_and_those_of_merchants_are_named_in_english_too(grace: Person, sami: Person) -> None:
    for person in (grace, sami):
        categories = (await person.read("/v1/categories"))["categories"]
        merchants = (await person.read("/v1/merchants", limit=50))["merchants"]
        assert all(category["names"]["en"] for category in categories)
        assert all(merchant["category"] in categories for merchant in merchants)


async def test_products_of_a_category_are_those_of_its_merchants(grace: Person) -> None:
    found = await _ids(grace, "/v1/products", category="pharmacies")

    assert found == ["paracetamol", "sro", "moustiquaire", "gel-main"]
    assert await _ids(grace, "/v1/products", category="nothing") == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("poulé mayo", "poulet-mayo"),
        ("poulett", "poulet-mayo"),
        ("pouletmayo", "poulet-mayo"),
        ("brochete", "brochettes-boeuf"),
        ("saka saka", "saka-saka"),
        ("sakasaka", "saka-saka"),
        ("paracetamole", "paracetamol"),
        ("moustikaire", "moustiquaire"),
        ("PAIN CHOCOLA", "pains-chocolat"),
        ("chikwange", "chikwangue"),
    ],
)
async def test_products_are_found_in_spite_of_typos(grace: Person, typed: str, first: str) -> None:
    found = await _ids(grace, "/v1/products", query=typed)

    assert found[0] == first
    assert len(found) <= 4


@pytest.mark.parametrize("typed", ["ordinateur", "xyzzy", "voiture"])
async def test_what_nobody_sells_is_not_found(grace: Person, typed: str) -> None:
    assert await _ids(grace, "/v1/products", query=typed) == []


@pytest.mark.parametrize(("typed", "first"), [("flamboiyant", "flamboyant"), ("pharmacie", "pharmacie-loutassi")])
async def test_merchants_are_found_too(grace: Person, typed: str, first: str) -> None:
    assert (await _ids(grace, "/v1/merchants", query=typed))[0] == first


async def test_products_come_page_by_page(grace: Person) -> None:
    first = await grace.read("/v1/products", limit=20)
    second = await grace.read("/v1/products", limit=20, cursor=first["next_cursor"])

    together = [product["id"] for product in (*first["products"], *second["products"])]
    assert (len(together), len(set(together)), second["next_cursor"]) == (25, 25, None)


@pytest.mark.parametrize("cursor", ["x", "LTE", "MTBh"])  # -1, 10a
async def test_a_made_up_cursor_is_refused(grace: Person, cursor: str) -> None:
    assert refusal(await grace.get("/v1/products", cursor=cursor)) == (422, "invalid")


async def test_a_product_tells_its_options_and_its_stock(grace: Person) -> None:
    chicken = await grace.read("/v1/products/poulet-mayo")
    soap = await grace.read("/v1/products/lessive-1kg")

    sauces = chicken["options"][1]
    assert (sauces["at_least"], sauces["at_most"]) == (0, 2)
    assert sauces["choices"][1] == {
        "id": "mayonnaise",
        "name": "Mayonnaise en plus",
        "extra": {"amount": "200", "currency": "XAF"},
        "available": True,
    }
    assert chicken["merchant_id"] == "maman-wivine"
    assert (soap["in_stock"], soap["available"]) == (0, False)


@pytest.mark.parametrize(
    ("now", "open_now", "opens_at"),
    [
        ("2025-01-27T12:00:00+01:00", True, None),
        ("2025-01-27T10:59:00+01:00", False, "2025-01-27T11:00:00+01:00"),
        ("2025-01-27T22:30:00+01:00", False, "2025-01-28T11:00:00+01:00"),
        ("2025-02-01T01:30:00+01:00", True, None),  # Friday's evening reaches into Saturday
        ("2025-02-02T02:00:00+01:00", False, "2025-02-02T12:00:00+01:00"),
    ],
)
async def test_a_merchant_keeps_its_hours(
    grace: Person, clock: ToldClock, now: str, open_now: bool, opens_at: str | None
) -> None:
    clock.is_now(now)

    merchant = await grace.read("/v1/merchants/flamboyant")

    assert (merchant["open_now"], merchant["opens_at"]) == (open_now, opens_at)


async def test_some_never_close_and_some_never_open(grace: Person, clock: ToldClock) -> None:
    clock.is_now("2025-01-27T03:00:00+01:00")

    merchants = {each["id"]: each for each in (await grace.read("/v1/merchants"))["merchants"]}

    assert next(iter(merchants)) == "maman-wivine"
    assert merchants["maman-wivine"]["open_now"]
    assert not merchants["papeterie-matsoua"]["open_now"]
    assert merchants["papeterie-matsoua"]["opens_at"] is None


async def test_a_merchant_is_opened_and_closed_by_hand(grace: Person) -> None:
    states = []
    for doors in ({"open": False}, {"open": True}, {"open": None}):
        await grace.http.post("/demo/merchants/papeterie-matsoua", json=doors)
        states.append((await grace.read("/v1/merchants/papeterie-matsoua"))["open_now"])

    assert states == [False, True, False]
    assert (await grace.http.post("/demo/merchants/nobody", json={})).status_code == 404


@pytest.mark.parametrize("path", ["/v1/merchants/dar-selma", "/v1/products/harissa", "/v1/merchants/nobody"])
async def test_another_business_has_another_shop(grace: Person, path: str) -> None:
    assert refusal(await grace.get(path)) == (404, "not_found")
