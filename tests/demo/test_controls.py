"""The controls move missions and break the backend on demand, from this machine only."""

import asyncio
from time import monotonic

import httpx
import pytest
from fastapi import FastAPI

from demo.backend import Settings, create_app
from demo.backend.planting import replant
from demo.backend.seed import SeedBusiness, seed_businesses
from tests.demo.people import BASE_URL, GRACE, PATRICK, asking_for

PATRICKS = "COUR-20250127-071"


async def _mission(http: httpx.AsyncClient, code: str = PATRICKS, phone: str = PATRICK) -> dict[str, object]:
    body: dict[str, object] = (await http.get(f"/v1/missions/{code}", headers=asking_for(phone))).json()
    return body


async def test_a_mission_moves_along_its_whole_road_and_no_further(http: httpx.AsyncClient) -> None:
    assert (await _mission(http))["courier"] is None
    statuses = []
    for _ in range(4):
        answer = await http.post(f"/demo/missions/{PATRICKS}/advance")
        statuses.append(answer.json()["status"])
    beyond = await http.post(f"/demo/missions/{PATRICKS}/advance")

    mission = await _mission(http)
    assert statuses == ["accepted", "pickup_arrived", "in_transit", "delivered"]
    assert (beyond.status_code, beyond.json()["detail"]) == (409, "Nothing follows delivered.")
    assert mission["status"] == "delivered"
    assert list(mission["steps"]) == ["pending", *statuses]  # type: ignore[call-overload]
    assert mission["courier"] is not None


async def test_a_mission_is_cancelled_once(http: httpx.AsyncClient) -> None:
    first = await http.post(f"/demo/missions/{PATRICKS}/cancel")
    second = await http.post(f"/demo/missions/{PATRICKS}/cancel")

    assert (first.json()["status"], second.status_code) == ("cancelled", 409)
    assert (await _mission(http))["status"] == "cancelled"


@pytest.mark.parametrize(("code", "status"), [("COUR-0", 404), ("COUR-20250120-007", 409), ("COUR-20250122-019", 409)])
async def test_what_cannot_move_says_why(http: httpx.AsyncClient, code: str, status: int) -> None:
    answer = await http.post(f"/demo/missions/{code}/advance")

    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")


async def test_a_hundred_presses_at_once_move_a_mission_four_times(http: httpx.AsyncClient) -> None:
    presses = [http.post(f"/demo/missions/{PATRICKS}/advance") for _ in range(100)]

    answers = await asyncio.gather(*presses)

    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 96


async def test_a_fault_slows_and_fails_the_contract_but_not_the_controls(http: httpx.AsyncClient) -> None:
    await http.post("/demo/faults", json={"delay_seconds": 0.05, "status": 503})
    started_at = monotonic()
    failing = await http.get("/v1/missions", headers=asking_for(GRACE))
    waited_seconds = monotonic() - started_at
    await http.post("/demo/faults", json={})
    well = await http.get("/v1/missions", headers=asking_for(GRACE))

    assert (failing.status_code, failing.headers["content-type"]) == (503, "application/problem+json")
    assert waited_seconds >= 0.05
    assert well.status_code == 200


async def test_a_fault_can_meet_one_customer_alone(http: httpx.AsyncClient) -> None:
    await http.post("/demo/faults", json={"status": 500}, headers={"Relais-Customer": GRACE})
    met = await http.get("/v1/missions", headers=asking_for(GRACE))
    spared = await http.get("/v1/missions", headers=asking_for(PATRICK))
    await http.post("/demo/faults", json={}, headers={"Relais-Customer": GRACE})
    well = await http.get("/v1/missions", headers=asking_for(GRACE))

    assert (met.status_code, spared.status_code, well.status_code) == (500, 200, 200)


@pytest.mark.parametrize(
    "faults",
    [{"delay_seconds": -1}, {"delay_seconds": 1000}, {"status": 200}, {"status": 600}, {"status": "no"}, []],
)
async def test_a_senseless_fault_is_refused_and_changes_nothing(http: httpx.AsyncClient, faults: object) -> None:
    assert (await http.post("/demo/faults", json=faults)).status_code == 422
    assert (await http.get("/demo/faults")).json() == {"delay_seconds": 0, "status": None, "after_work": False}


async def test_an_uncommon_status_can_be_asked_for_too(http: httpx.AsyncClient) -> None:
    await http.post("/demo/faults", json={"status": 599})

    assert (await http.get("/v1/missions", headers=asking_for(GRACE))).status_code == 599
    assert (await http.get("/")).status_code == 200


# --- the page ------------------------------------------------------------------------------------


async def test_the_page_shows_both_businesses_with_their_buttons(http: httpx.AsyncClient) -> None:
    page = await http.get("/")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for words in ("Kimia Express", "Jasmin Livraison", "Next status: delivered", "Cancel", "Sami Trabelsi"):
        assert words in page.text
    assert "http" not in page.text.replace("http-equiv", "")


async def test_a_press_on_the_page_moves_the_mission_and_returns_to_it(http: httpx.AsyncClient) -> None:
    answer = await http.post(f"/missions/{PATRICKS}/advance", headers={"Origin": BASE_URL})

    assert (answer.status_code, answer.headers["location"]) == (303, f"/#{PATRICKS}")
    assert (await _mission(http))["status"] == "accepted"
    assert (await http.post(f"/missions/{PATRICKS}/explode")).status_code == 404


async def test_the_fault_form_and_start_over_work_without_scripts(http: httpx.AsyncClient) -> None:
    await http.post(f"/missions/{PATRICKS}/cancel")
    await http.post("/faults", data={"delay_seconds": "0.5", "status": "500"})
    unwell = await http.get("/")
    await http.post("/reset")
    well = await http.get("/")

    assert "The backend is unwell" in unwell.text
    assert "after 0.5 s" in unwell.text
    assert "The backend is well" in well.text
    assert (await _mission(http))["status"] == "pending"


@pytest.mark.parametrize(
    ("field", "value"), [("status", "no"), ("status", "200"), ("delay_seconds", "121"), ("delay_seconds", "nan")]
)
async def test_a_senseless_fault_form_is_refused_with_a_sentence(
    http: httpx.AsyncClient, field: str, value: str
) -> None:
    answer = await http.post("/faults", data={field: value})

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"{field} in the form is wrong: ")
    assert answer.json()["detail"].endswith(".")
    assert (await http.get("/demo/faults")).json() == {"delay_seconds": 0, "status": None, "after_work": False}


async def test_names_on_the_page_are_escaped(app: FastAPI, http: httpx.AsyncClient) -> None:
    hostile = "<script>alert(1)</script>"
    replant(app.state.store, [_with_hostile_words(business, hostile) for business in seed_businesses()])

    page = (await http.get("/")).text

    assert hostile not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", f"/demo/missions/{PATRICKS}/advance", {"Origin": "http://evil.test"}),
        ("POST", f"/missions/{PATRICKS}/advance", {"Origin": "null"}),
        ("POST", "/demo/faults", {"Origin": "http://127.0.0.1:8025"}),
        ("POST", "/demo/reset", {"Host": "evil.test"}),
        ("GET", "/", {"Host": "backend.evil.test:8090"}),
        ("GET", "/", {"Host": "10.0.0.1"}),
    ],
)
async def test_the_controls_refuse_other_sites_and_other_names(
    http: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await http.request(method, path, headers=headers)

    assert answer.status_code == 403
    assert (await _mission(http))["status"] == "pending"


@pytest.mark.parametrize("host", ["192.168.1.20", "2001:db8::1", "testclient"])
async def test_the_controls_refuse_other_machines(app: FastAPI, host: str) -> None:
    transport = httpx.ASGITransport(app=app, client=(host, 4000))

    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        assert (await http.get("/")).status_code == 403
        assert (await http.post("/demo/reset")).status_code == 403


# --- the data over restarts ----------------------------------------------------------------------


async def test_a_restart_keeps_what_happened_and_a_reset_forgets_it(settings: Settings) -> None:
    await _status_after_start(settings, advance=True)
    kept = await _status_after_start(settings)
    forgotten = await _status_after_start(settings, reset=True)

    assert (kept, forgotten) == ("accepted", "pending")


async def _status_after_start(settings: Settings, *, reset: bool = False, advance: bool = False) -> object:
    app = create_app(settings, reset=reset)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE_URL) as http:
        if advance:
            await http.post(f"/demo/missions/{PATRICKS}/advance")
        status = (await _mission(http))["status"]
    app.state.store.close()
    return status


def _with_hostile_words(business: SeedBusiness, words: str) -> SeedBusiness:
    customers = [customer.model_copy(update={"name": words}) for customer in business.customers]
    missions = [mission.model_copy(update={"pickup": words, "status": words}) for mission in business.missions]
    return business.model_copy(update={"name": words, "customers": customers, "missions": missions})
