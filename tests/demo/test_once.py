"""Whatever is asked twice under one key is done once, also at the same moment and by several backends."""

import asyncio

import httpx
import pytest

from demo.backend import Settings, create_app
from tests.demo.people import BASE_URL, GRACE, Person, asking_for, refusal
from tests.demo.told_clock import ToldClock
from tests.demo.wishes import fcfa, parcel_at

PARCEL = parcel_at(fcfa(1600))
SEEDED = 7  # missions of Grâce on the first day


async def _count(person: Person) -> int:
    return len((await person.read("/v1/missions", limit=50))["missions"])


async def test_the_same_key_gets_the_same_answer_and_says_so(grace: Person) -> None:
    first = await grace.post("/v1/missions", PARCEL, key="turn-1:send:1")
    again = await grace.post("/v1/missions", PARCEL, key="turn-1:send:1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert await _count(grace) == SEEDED + 1


async def test_the_order_of_fields_and_what_is_left_out_make_no_other_request(grace: Person) -> None:
    first = await grace.post("/v1/missions", PARCEL, key="one")
    again = await grace.post("/v1/missions", {"note": None, **dict(reversed(PARCEL.items()))}, key="one")

    assert again.json() == first.json()


async def test_another_key_is_another_wish(grace: Person) -> None:
    codes = {(await grace.post("/v1/missions", PARCEL, key=key)).json()["code"] for key in ("one", "two")}

    assert len(codes) == 2


async def test_a_key_with_another_body_or_path_is_refused_and_does_nothing(grace: Person) -> None:
    code = (await grace.post("/v1/missions", PARCEL, key="one")).json()["code"]

    other_body = await grace.post("/v1/missions", {**PARCEL, "note": "vite"}, key="one")
    other_path = await grace.post(f"/v1/missions/{code}/cancel", {}, key="one")

    assert refusal(other_body) == refusal(other_path) == (422, "key_reused")
    assert (await grace.read(f"/v1/missions/{code}"))["status"] == "pending"
    assert await _count(grace) == SEEDED + 1


async def test_keys_of_different_people_are_different_keys(
    grace: Person, patrick: Person, http: httpx.AsyncClient
) -> None:
    graces = await grace.post("/v1/missions", PARCEL, key="one")
    patricks = await patrick.post("/v1/missions", PARCEL, key="one")

    assert graces.json()["code"] != patricks.json()["code"]
    assert patricks.json()["customer_phone"] == patrick.phone


async def test_a_refusal_stays_a_refusal_under_its_key(grace: Person) -> None:
    cart = {"lines": [{"product_id": "lessive-1kg", "quantity": 3}], "dropoff": {"address": "Moungali"}}
    body = {**cart, "payment": {"method": "cash"}, "expected_total": fcfa(1)}
    first = await grace.post("/v1/orders", body, key="one")
    await grace.http.post("/demo/products/lessive-1kg", json={"in_stock": 9})

    again = await grace.post("/v1/orders", body, key="one")
    afresh = await grace.post("/v1/orders", body, key="two")

    assert refusal(first) == refusal(again) == (409, "out_of_stock")
    assert again.json() == first.json()
    assert refusal(afresh) == (409, "price_changed")


async def test_a_wrong_request_that_is_put_right_may_keep_its_key(grace: Person) -> None:
    wrong = await grace.post("/v1/missions", {**PARCEL, "value": {"amount": "1", "currency": "EUR"}}, key="one")
    right = await grace.post("/v1/missions", PARCEL, key="one")

    assert (refusal(wrong), right.status_code) == ((422, "invalid"), 201)


@pytest.mark.parametrize("key", ["", " ", "é", "x" * 256, "a b"])
async def test_what_is_no_key_is_refused(http: httpx.AsyncClient, key: str) -> None:
    headers = httpx.Headers(asking_for(GRACE) | {"Idempotency-Key": key}, encoding="utf-8")

    answer = await http.post("/v1/missions", json=PARCEL, headers=headers)

    assert refusal(answer) == (422, "invalid")
    assert answer.json()["detail"].startswith("Idempotency-Key")


async def test_a_write_without_a_key_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/missions", json=PARCEL, headers=asking_for(GRACE))

    assert answer.json()["detail"] == "Idempotency-Key is missing from the header."


async def test_a_key_is_free_again_after_a_week(grace: Person, clock: ToldClock) -> None:
    await grace.post("/v1/missions", PARCEL, key="one")
    clock.passes(days=6)
    kept = await grace.post("/v1/missions", PARCEL, key="one")
    clock.passes(days=2)
    await grace.post("/v1/missions", PARCEL, key="two")

    forgotten = await grace.post("/v1/missions", PARCEL, key="one")

    assert "idempotency-replayed" in kept.headers
    assert "idempotency-replayed" not in forgotten.headers


async def test_a_hundred_duplicates_at_once_make_one_mission(grace: Person) -> None:
    answers = await asyncio.gather(*(grace.post("/v1/missions", PARCEL, key="one") for _ in range(100)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 99
    assert await _count(grace) == SEEDED + 1


async def test_two_backends_on_one_file_do_it_once_too(settings: Settings) -> None:
    apps = [create_app(settings, clock=ToldClock()) for _ in range(2)]
    clients = [httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE_URL) for app in apps]
    graces = [Person(client, GRACE) for client in clients]

    answers = await asyncio.gather(*(graces[place % 2].post("/v1/missions", PARCEL, key="one") for place in range(20)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    for app, client in zip(apps, clients, strict=True):
        app.state.store.close()
        await client.aclose()


async def test_an_answer_that_was_lost_is_found_by_its_key(grace: Person) -> None:
    await grace.http.post("/demo/faults", json={"status": 503, "after_work": True})
    lost = await grace.post("/v1/missions", PARCEL, key="one")
    await grace.http.post("/demo/faults", json={})

    found = await grace.post("/v1/missions", PARCEL, key="one")

    assert (lost.status_code, found.status_code) == (503, 201)
    assert "idempotency-replayed" in found.headers
    assert await _count(grace) == SEEDED + 1
