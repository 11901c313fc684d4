"""The contract's calls answer the right customer, and refuse in clear sentences."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.demo.people import ALINE, BASE_URL, GRACE, PATRICK, SAMI, asking_for

GRACES_MISSIONS = {
    "COUR-20250127-074": "pending",
    "COUR-20250127-068": "accepted",
    "COUR-20250127-065": "pickup_arrived",
    "COUR-20250127-061": "in_transit",
    "COUR-20250124-032": "delivered",
    "COUR-20250122-019": "cancelled",
    "COUR-20250120-007": "returned_to_sender",
}
PATRICKS_CODE = "COUR-20250127-071"
SAMIS_CODE = "COUR-20250127-014"


async def _codes(http: httpx.AsyncClient, phone: str, business: str = "kimia", limit: int = 50) -> list[str]:
    answer = await http.get("/v1/missions", params={"limit": limit}, headers=asking_for(phone, business))
    assert answer.status_code == 200
    return [mission["code"] for mission in answer.json()["missions"]]


async def test_grace_has_a_mission_in_every_status_and_one_beyond(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/missions?limit=50", headers=asking_for(GRACE))

    missions = answer.json()["missions"]
    assert {mission["code"]: mission["status"] for mission in missions} == GRACES_MISSIONS
    assert {mission["customer_phone"] for mission in missions} == {GRACE}


async def test_missions_come_newest_first_and_as_many_as_asked(http: httpx.AsyncClient) -> None:
    assert await _codes(http, GRACE) == list(GRACES_MISSIONS)
    assert await _codes(http, GRACE, limit=2) == list(GRACES_MISSIONS)[:2]


async def test_the_famous_mission_is_complete(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/missions/COUR-20250127-061", headers=asking_for(GRACE))

    mission = answer.json()
    assert mission["pickup"]["address"] == "10 Avenue de la Paix"
    assert mission["dropoff"]["address"] == "25 Rue Malanda"
    assert mission["recipient"]["name"] == "Marie Okemba"
    assert mission["value"] == {"amount": "8000", "currency": "XAF"}
    assert mission["courier"]["name"] == "Jean Malonga"
    assert list(mission["steps"]) == ["pending", "accepted", "pickup_arrived", "in_transit"]


@pytest.mark.parametrize(
    ("phone", "business", "codes"),
    [
        (PATRICK, "kimia", [PATRICKS_CODE]),
        (ALINE, "kimia", []),
        (SAMI, "jasmin", [SAMIS_CODE, "COUR-20250125-009"]),
        (SAMI, "kimia", []),
        (GRACE, "jasmin", []),
        ("+33612345678", "kimia", []),
    ],
)
async def test_everybody_sees_their_own_missions_and_no_others(
    http: httpx.AsyncClient, phone: str, business: str, codes: list[str]
) -> None:
    assert await _codes(http, phone, business) == codes


@pytest.mark.parametrize("code", [PATRICKS_CODE, SAMIS_CODE, "COUR-20250127-999"])
async def test_a_foreign_mission_cannot_be_told_from_none(http: httpx.AsyncClient, code: str) -> None:
    answer = await http.get(f"/v1/missions/{code}", headers=asking_for(GRACE))

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": "This customer has no mission with that code.",
    }


@pytest.mark.parametrize(
    ("query", "first", "count"),
    [
        ("", "poulet-mayo", 25),
        ("poulet", "poulet-mayo", 1),
        ("POULÉT mayo", "poulet-mayo", 1),
        ("brochettes boeuf", "brochettes-boeuf", 1),
        ("jus", "jus-gingembre", 2),
        ("jus bissap", "jus-bissap", 2),
        ("poisson", "saka-saka", 3),
        ("flamboyant", "poisson-braise", 4),
        ("ordinateur", None, 0),
        ("';--", "poulet-mayo", 25),
    ],
)
async def test_products_are_found_by_the_words_people_use(
    http: httpx.AsyncClient, query: str, first: str | None, count: int
) -> None:
    answer = await http.get("/v1/products", params={"query": query, "limit": 50}, headers=asking_for(GRACE))

    found = [product["id"] for product in answer.json()["products"]]
    assert (found[0] if found else None, len(found)) == (first, count)


async def test_a_business_sells_only_its_own_products(http: httpx.AsyncClient) -> None:
    asked_by_sami = asking_for(SAMI, "jasmin")

    shop = (await http.get("/v1/products", headers=asked_by_sami)).json()["products"]
    foreign = await http.get("/v1/products/poulet-mayo", headers=asked_by_sami)

    assert [product["price"]["currency"] for product in shop] == ["TND"] * 10
    assert foreign.status_code == 404


async def test_a_product_names_its_price_and_its_photo(http: httpx.AsyncClient) -> None:
    product = (await http.get("/v1/products/poulet-mayo", headers=asking_for(GRACE))).json()

    assert product["name"] == "Poulet Mayo"
    assert product["price"] == {"amount": "2500", "currency": "XAF"}
    assert product["photo_url"] == f"{BASE_URL}/photos/poulet-mayo.jpg"
    assert product["available"] is True


_OK = asking_for(GRACE)


@pytest.mark.parametrize(
    ("headers", "params", "status", "sentence"),
    [
        ({}, {}, 401, "Authorization is missing: send Bearer and BACKEND_TOKEN."),
        (_OK | {"Authorization": "Basic ZGVtbzpkZW1v"}, {}, 401, "Authorization is missing"),
        (_OK | {"Authorization": "Bearer wrong"}, {}, 401, "The token is not this backend's BACKEND_TOKEN."),
        (_OK | {"Relais-Business": "nobody"}, {}, 422, "Relais-Business names no business of this backend."),
        (_OK | {"Relais-Customer": "0612"}, {}, 422, "Relais-Customer must be a phone number in E.164"),
        (_OK | {"Relais-Customer": "+24206123456７"}, {}, 422, "Relais-Customer must be"),
        ({"Authorization": _OK["Authorization"]}, {}, 422, "Relais-Business is missing from the header."),
        (_OK, {"limit": "0"}, 422, "limit in the query is wrong: input should be greater than or equal to 1."),
        (_OK, {"limit": "51"}, 422, "limit in the query is wrong"),
        (_OK, {"limit": "ten"}, 422, "limit in the query is wrong"),
    ],
)
async def test_a_wrong_call_is_told_what_to_change(
    http: httpx.AsyncClient, headers: dict[str, str], params: dict[str, str], status: int, sentence: str
) -> None:
    encoded = httpx.Headers(headers, encoding="utf-8")

    answer = await http.get("/v1/missions", headers=encoded, params=params)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"].startswith(sentence)
    assert answer.json()["status"] == status


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v2/missions", 404), ("PUT", "/v1/missions", 405)])
async def test_even_the_frameworks_own_errors_are_problems(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, path, headers=asking_for(GRACE))

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_a_backend_that_breaks_says_so_without_its_traceback(app: FastAPI) -> None:
    app.state.store.close()
    transport: Any = httpx.ASGITransport(app=app, raise_app_exceptions=False)

    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        answer = await http.get("/v1/missions", headers=asking_for(GRACE))

    assert answer.status_code == 500
    assert answer.json()["detail"] == "The backend itself failed; its log says why."
