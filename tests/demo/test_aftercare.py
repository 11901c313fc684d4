"""Claims are kept and answered, deliveries rated, and people get or delete what is theirs."""

from typing import Any

import pytest

from tests.demo.people import Person, refusal
from tests.demo.told_clock import ToldClock
from tests.demo.wishes import fcfa, order_at, parcel_at

DELIVERED = "COUR-20250124-032"
IN_TRANSIT = "COUR-20250127-061"
PATRICKS = "COUR-20250127-071"
PHOTO = {"id": "0194a7c2-1f0e-7b7a-9d1c-8f4f6d1b2a33", "mime_type": "image/jpeg"}
BROKEN: dict[str, Any] = {"about": DELIVERED, "kind": "damaged", "description": "Le vase est cassé", "media": [PHOTO]}


async def test_a_claim_is_kept_with_its_photo_and_answered(grace: Person, clock: ToldClock) -> None:
    claim = await grace.done("/v1/claims", BROKEN)
    clock.passes(hours=2)
    decision = {"status": "accepted", "answer": "Nous vous remboursons.", "refund": "15000"}
    await grace.http.post(f"/demo/claims/{claim['id']}", json=decision)

    answered = await grace.read(f"/v1/claims/{claim['id']}")

    assert (claim["id"], claim["status"], claim["media"]) == ("RCL-20250127-001", "open", [PHOTO])
    assert (answered["status"], answered["answer"]) == ("accepted", "Nous vous remboursons.")
    assert (answered["refund"], answered["description"]) == (fcfa(15000), "Le vase est cassé")
    assert answered["updated_at"] > answered["created_at"]
    assert (await grace.read("/v1/claims"))["claims"] == [answered]


async def test_the_contents_are_claimed_after_the_delivery_and_the_rest_at_any_time(grace: Person) -> None:
    early = await grace.post("/v1/claims", {"about": IN_TRANSIT, "kind": "missing"})
    late = await grace.post("/v1/claims", {"about": IN_TRANSIT, "kind": "late"})

    assert refusal(early) == (409, "not_delivered")
    assert late.status_code == 201


async def test_claims_end_where_the_business_says_so(sami: Person, clock: ToldClock) -> None:
    body = {"about": "COUR-20250125-009", "kind": "damaged"}
    clock.is_now("2025-02-08T12:00:00+01:00")
    in_time, before = await sami.post("/v1/claims", body), await sami.read("/v1/missions/COUR-20250125-009")
    clock.is_now("2025-02-09T12:00:00+01:00")

    assert in_time.status_code == 201
    assert "claim" in before["allowed"]
    assert "claim" not in (await sami.read("/v1/missions/COUR-20250125-009"))["allowed"]
    assert refusal(await sami.post("/v1/claims", body)) == (409, "too_late_to_claim")


async def test_a_claim_about_an_order_or_its_mission_is_one_about_the_order(grace: Person) -> None:
    order = await grace.done("/v1/orders", order_at(fcfa(6000)))

    for code in (order["code"], order["mission_code"]):
        assert (await grace.done("/v1/claims", {"about": code, "kind": "late"}))["about"] == order["code"]


async def test_claims_come_page_by_page_newest_first(grace: Person, clock: ToldClock) -> None:
    for _ in range(5):
        await grace.done("/v1/claims", BROKEN)
        clock.passes(minutes=1)

    first = await grace.read("/v1/claims", limit=3)
    second = await grace.read("/v1/claims", limit=3, cursor=first["next_cursor"])

    numbers = [claim["id"][-1] for claim in (*first["claims"], *second["claims"])]
    assert (numbers, second["next_cursor"]) == (["5", "4", "3", "2", "1"], None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "boring"},
        {"about": "a b"},
        {"media": [PHOTO] * 11},
        {"media": [{"id": ""}]},
        {"description": "x" * 1001},
    ],
)
async def test_a_wrong_claim_is_refused(grace: Person, wrong: dict[str, Any]) -> None:
    assert refusal(await grace.post("/v1/claims", BROKEN | wrong)) == (422, "invalid")


async def test_nobody_claims_reads_or_rates_for_somebody_else(grace: Person, patrick: Person) -> None:
    claim = await grace.done("/v1/claims", BROKEN)

    answers = [
        await patrick.get(f"/v1/claims/{claim['id']}"),
        await patrick.post("/v1/claims", BROKEN),
        await patrick.post("/v1/ratings", {"about": DELIVERED, "score": 1}),
        await grace.post("/v1/claims", BROKEN | {"about": PATRICKS, "kind": "late"}),
    ]

    assert {refusal(answer) for answer in answers} == {(404, "not_found")}
    assert (await patrick.read("/v1/claims"))["claims"] == []


async def test_a_claim_that_does_not_exist_is_not_answered(grace: Person) -> None:
    answer = await grace.http.post("/demo/claims/RCL-0", json={"status": "rejected"})

    assert answer.status_code == 404


async def test_a_delivery_is_rated_and_rated_again(grace: Person) -> None:
    first = await grace.done("/v1/ratings", {"about": DELIVERED, "score": 2, "comment": "Un peu lent"})
    await grace.done("/v1/ratings", {"about": DELIVERED, "score": 5})

    assert (first["score"], first["comment"]) == (2, "Un peu lent")
    assert (await grace.read(f"/v1/missions/{DELIVERED}"))["rating"] == 5


async def test_what_is_not_there_yet_is_not_rated(grace: Person) -> None:
    answer = await grace.post("/v1/ratings", {"about": IN_TRANSIT, "score": 5})

    assert refusal(answer) == (409, "not_delivered")


@pytest.mark.parametrize("score", [0, 6, "good", 4.5, None])
async def test_a_score_is_one_to_five(grace: Person, score: object) -> None:
    assert refusal(await grace.post("/v1/ratings", {"about": DELIVERED, "score": score})) == (422, "invalid")


# --- people's own data ---------------------------------------------------------------------------


async def _end_all(person: Person) -> None:
    for mission in (await person.read("/v1/missions", limit=50))["missions"]:
        await person.http.post(f"/demo/missions/{mission['code']}/cancel")


async def test_an_export_holds_everything_of_one_person_and_nothing_of_others(grace: Person, patrick: Person) -> None:
    await patrick.done("/v1/missions", parcel_at(fcfa(1600)))
    order = await grace.done("/v1/orders", order_at(fcfa(6000)))
    claim = await grace.done("/v1/claims", BROKEN)
    await grace.done("/v1/ratings", {"about": DELIVERED, "score": 4})

    answer = await grace.get("/v1/customer/export")

    data = answer.json()["data"]
    assert data["customer"] == {"phone": grace.phone, "name": "Grâce Mabiala"}
    assert len(data["missions"]) == 8
    assert [each["code"] for each in data["orders"]] == [order["code"]]
    assert (data["claims"], data["ratings"][0]["score"]) == ([claim], 4)
    assert patrick.phone not in answer.text
    assert PATRICKS not in answer.text


async def test_nothing_is_deleted_while_somebody_is_on_the_way(grace: Person) -> None:
    answer = await grace.write("DELETE", "/v1/customer", None)

    assert refusal(answer) == (409, "delivery_under_way")
    assert len((await grace.read("/v1/missions"))["missions"]) == 7


async def test_who_leaves_is_forgotten_and_others_are_not(grace: Person, patrick: Person) -> None:
    await grace.done("/v1/orders", order_at(fcfa(6000)))
    await grace.done("/v1/claims", BROKEN)
    await grace.done("/v1/ratings", {"about": DELIVERED, "score": 4})
    await _end_all(grace)

    gone = await grace.write("DELETE", "/v1/customer", None, key="bye")
    again = await grace.write("DELETE", "/v1/customer", None, key="bye")

    assert gone.json() == again.json() == {"deleted_at": "2025-01-27T12:00:00+01:00", "kept": []}
    data = (await grace.read("/v1/customer/export"))["data"]
    assert data == {
        "customer": {"phone": grace.phone, "name": None},
        "missions": [],
        "orders": [],
        "claims": [],
        "ratings": [],
    }
    assert len((await patrick.read("/v1/missions"))["missions"]) == 1


async def test_who_was_forgotten_may_come_back(grace: Person) -> None:
    await _end_all(grace)
    await grace.write("DELETE", "/v1/customer", None)

    mission = await grace.done("/v1/missions", parcel_at(fcfa(1600)))

    assert (await grace.read("/v1/missions"))["missions"] == [mission]
