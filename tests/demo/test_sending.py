"""A parcel is priced, sent once, moved, called off, and explained when it is late."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.demo.people import Person, refusal
from tests.demo.told_clock import ToldClock
from tests.demo.wishes import CASH, FAR_AWAY, HOME, MARKET, MOMO, PARCEL, fcfa, parcel_at

FEE = fcfa(1600)  # from Poto-Poto to Bacongo
FURTHER = {"address": "88 Rue Ndolo, Talangaï"}


async def _sent(person: Person, **more: Any) -> dict[str, Any]:
    mission: dict[str, Any] = await person.done("/v1/missions", parcel_at(FEE, **more))
    return mission


async def test_a_quote_tells_the_price_the_time_and_how_to_pay(grace: Person) -> None:
    quote = await grace.done("/v1/mission-quotes", PARCEL)

    assert quote["total"] == FEE
    assert datetime.fromisoformat(quote["expected_at"]) > datetime.fromisoformat("2025-01-27T12:20:00+01:00")
    assert [option["method"] for option in quote["payment_options"]] == ["cash", "mobile_money", "mobile_money"]
    assert (await grace.read("/v1/missions"))["missions"][0]["code"] == "COUR-20250127-074"  # nothing was written


async def test_a_location_is_worth_an_address(grace: Person) -> None:
    sent_from_the_map = {"location": {"latitude": -4.288, "longitude": 15.261}}

    by_words = await grace.done("/v1/mission-quotes", PARCEL)
    by_map = await grace.done("/v1/mission-quotes", PARCEL | {"dropoff": sent_from_the_map})

    assert by_map["total"] == by_words["total"]


@pytest.mark.parametrize("written", ["8 avenue MATSOUA", "vers bacongo", "rue 3, Bacnogo", "Bakongo"])
async def test_a_district_is_found_however_it_is_typed(grace: Person, written: str) -> None:
    quote = await grace.done("/v1/mission-quotes", PARCEL | {"dropoff": {"address": written}})

    assert quote["total"] == FEE


@pytest.mark.parametrize(
    ("dropoff", "code"),
    [(FAR_AWAY, "outside_area"), ({"address": "ici"}, "address_unclear"), ({"address": "12"}, "address_unclear")],
)
async def test_a_place_nobody_can_go_to_is_refused_with_the_reason(
    grace: Person, dropoff: dict[str, Any], code: str
) -> None:
    quoted = await grace.post("/v1/mission-quotes", PARCEL | {"dropoff": dropoff})
    asked = await grace.post("/v1/missions", parcel_at(FEE, dropoff=dropoff))

    assert refusal(quoted) == refusal(asked) == (409, code)


async def test_a_mission_is_written_as_it_was_agreed(grace: Person) -> None:
    mission = await _sent(grace, note="Sonner deux fois", payment=MOMO)

    assert mission["code"] == "COUR-20250127-075"
    assert mission["status"] == "pending"
    assert mission["customer_phone"] == grace.phone
    assert (mission["pickup"]["address"], mission["dropoff"]["address"]) == (HOME["address"], MARKET["address"])
    assert mission["recipient"] == {"name": "Marie Okemba", "phone": "+242061234576"}
    assert (mission["note"], mission["price"], mission["value"]) == ("Sonner deux fois", FEE, fcfa(5000))
    assert mission["payment"]["status"] == "due"
    assert mission["payment"]["pay_to"] == "+242065000001"
    assert mission["allowed"] == ["cancel", "change_dropoff", "pay", "claim"]
    assert await grace.read(f"/v1/missions/{mission['code']}") == mission


async def test_somebody_new_may_send_too(http: httpx.AsyncClient) -> None:
    stranger = Person(http, "+33612345678")

    mission = await _sent(stranger)

    assert (await stranger.read("/v1/missions"))["missions"] == [mission]
    assert (await http.get("/")).status_code == 200  # the page shows somebody without a name


async def test_another_price_is_told_and_nothing_is_written(grace: Person) -> None:
    answer = await grace.post("/v1/missions", parcel_at(fcfa(1000)))

    assert refusal(answer) == (409, "price_changed")
    assert answer.json()["total"] == FEE
    assert (await grace.read("/v1/missions"))["missions"][0]["code"] == "COUR-20250127-074"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"recipient": {"name": "Marie", "phone": "0612"}}, "recipient.phone in the body is wrong"),
        ({"recipient": {"name": "", "phone": "+242061234576"}}, "recipient.name in the body is wrong"),
        ({"pickup": {"address": "  "}}, "pickup in the body is wrong: value error, a place needs an address or a loc"),
        ({"pickup": {}}, "pickup in the body is wrong"),
        ({"dropoff": {"location": {"latitude": 91, "longitude": 0}}}, "dropoff.location.latitude in the body is wrong"),
        ({"value": {"amount": "-1", "currency": "XAF"}}, "value.amount in the body is wrong"),
        ({"value": {"amount": "1", "currency": "EUR"}}, "value.currency in the body is wrong: use XAF."),
        ({"payment": {"method": "shells"}}, "payment.method in the body is wrong"),
        ({"payment": {"method": "mobile_money", "reference": "x"}}, "payment.reference in the body is wrong"),
        ({"note": "x" * 1001}, "note in the body is wrong"),
        ({"expected_total": None}, "expected_total in the body is wrong"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_written(
    grace: Person, wrong: dict[str, Any], sentence: str
) -> None:
    answer = await grace.post("/v1/missions", parcel_at(FEE) | wrong)

    assert refusal(answer) == (422, "invalid")
    assert answer.json()["detail"].startswith(sentence)
    assert len((await grace.read("/v1/missions"))["missions"]) == 7


async def test_a_way_to_pay_that_is_not_offered_is_refused(sami: Person) -> None:
    body = {
        "pickup": {"address": "La Marsa"},
        "dropoff": {"address": "Carthage"},
        "recipient": {"name": "Leïla", "phone": "+21622905617"},
        "payment": {"method": "mobile_money", "provider": "MTN MoMo"},
        "expected_total": {"amount": "5.8", "currency": "TND"},
    }
    quote = await sami.done("/v1/mission-quotes", body)

    answer = await sami.post("/v1/missions", body | {"expected_total": quote["total"]})

    assert refusal(answer) == (409, "payment_method_unavailable")


# --- calling off, and going elsewhere ------------------------------------------------------------


async def test_a_mission_is_cancelled_until_the_courier_stands_at_the_door(grace: Person) -> None:
    early, late = await _sent(grace), await _sent(grace)
    for _ in range(2):
        await grace.http.post(f"/demo/missions/{late['code']}/advance")

    cancelled = await grace.done(f"/v1/missions/{early['code']}/cancel", {"reason": "Trop cher"})
    refused = await grace.post(f"/v1/missions/{late['code']}/cancel", {})

    assert (cancelled["status"], cancelled["payment"]["status"]) == ("cancelled", "cancelled")
    assert cancelled["allowed"] == ["claim"]
    assert refusal(refused) == (409, "too_late_to_cancel")
    assert refusal(await grace.post(f"/v1/missions/{early['code']}/cancel", {})) == (409, "too_late_to_cancel")


async def test_what_was_paid_and_is_cancelled_goes_back(grace: Person) -> None:
    mission = await _sent(grace, payment=MOMO | {"reference": "MP250127.1015"})
    await grace.http.post(f"/demo/missions/{mission['code']}/advance")

    cancelled = await grace.done(f"/v1/missions/{mission['code']}/cancel", {})

    assert cancelled["payment"]["status"] == "refunded"


async def test_another_address_has_another_price_which_is_agreed_on_first(grace: Person) -> None:
    path = f"/v1/missions/{(await _sent(grace))['code']}/dropoff"

    told = await grace.post(path, {"dropoff": FURTHER, "expected_total": FEE})
    new_total = told.json()["total"]
    moved = await grace.done(path, {"dropoff": FURTHER, "expected_total": new_total})

    assert refusal(told) == (409, "price_changed")
    assert moved["dropoff"]["address"] == FURTHER["address"]
    assert moved["price"] == moved["payment"]["amount"] == new_total != FEE


async def test_what_is_paid_or_on_its_way_keeps_its_address(grace: Person) -> None:
    paid, moving = await _sent(grace, payment=MOMO | {"reference": "MP1.22"}), await _sent(grace)
    for _ in range(3):
        await grace.http.post(f"/demo/missions/{moving['code']}/advance")
    quote = await grace.done("/v1/mission-quotes", PARCEL | {"dropoff": FURTHER})
    body = {"dropoff": FURTHER, "expected_total": quote["total"]}

    for mission in (paid, moving):
        answer = await grace.post(f"/v1/missions/{mission['code']}/dropoff", body)
        assert refusal(answer) == (409, "too_late_to_change")


@pytest.mark.parametrize("act", ["cancel", "dropoff"])
@pytest.mark.parametrize("code", ["COUR-20250127-071", "COUR-19990101-001"])
async def test_nobody_touches_a_mission_of_somebody_else(grace: Person, act: str, code: str) -> None:
    body = {"dropoff": HOME, "expected_total": fcfa(1000)}

    assert refusal(await grace.post(f"/v1/missions/{code}/{act}", body)) == (404, "not_found")


# --- on the road ---------------------------------------------------------------------------------


async def test_the_courier_is_seen_coming_closer(grace: Person, clock: ToldClock) -> None:
    code = (await _sent(grace))["code"]
    latitudes = []
    for _ in range(2):
        await grace.http.post(f"/demo/missions/{code}/advance")
    for _ in range(2):
        latitudes.append((await grace.read(f"/v1/missions/{code}"))["position"]["location"]["latitude"])
        await grace.http.post(f"/demo/missions/{code}/advance")
        clock.passes(minutes=5)

    assert latitudes[0] > latitudes[1] > -4.288  # southwards, to Bacongo
    arrived = await grace.read(f"/v1/missions/{code}")
    assert (arrived["status"], arrived["position"], arrived["expected_at"]) == ("delivered", None, None)
    assert arrived["payment"]["status"] == "paid"  # in cash, to the courier


async def test_a_late_mission_says_why_and_arrives_later(grace: Person) -> None:
    mission = await _sent(grace)

    await grace.http.post(f"/demo/missions/{mission['code']}/delay", json={"reason": "weather", "minutes": 25})

    late = await grace.read(f"/v1/missions/{mission['code']}")
    assert late["delay"] == {"reason": "weather", "minutes": 25}
    waited = datetime.fromisoformat(late["expected_at"]) - datetime.fromisoformat(mission["expected_at"])
    assert waited.total_seconds() == 25 * 60


async def test_what_is_under_way_never_arrives_in_the_past(grace: Person, clock: ToldClock) -> None:
    clock.is_now("2026-11-21T12:00:00Z")

    missions = (await grace.read("/v1/missions", limit=50))["missions"]

    expected = {mission["status"]: mission["expected_at"] for mission in missions}
    assert all(datetime.fromisoformat(expected[status]) > clock.now for status in ("pending", "accepted", "in_transit"))
    assert [expected[status] for status in ("delivered", "cancelled", "returned_to_sender")] == [None] * 3


async def test_a_delay_of_a_mission_that_does_not_exist_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/demo/missions/COUR-0/delay", json={"reason": "weather", "minutes": 5})

    assert answer.status_code == 404


async def test_missions_are_read_page_by_page_without_repeats(grace: Person, clock: ToldClock) -> None:
    clock.is_now("2025-01-28T08:00:00+01:00")
    codes: list[str] = []
    cursor = None
    while True:
        page = await grace.read("/v1/missions", limit=3, **({"cursor": cursor} if cursor else {}))
        codes += [mission["code"] for mission in page["missions"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        if len(codes) == 3:
            await _sent(grace)  # a new one moves no old one

    assert len(codes) == len(set(codes)) == 7


@pytest.mark.parametrize("cursor", ["x", "%%%", "Zm9v", "é"])
async def test_a_cursor_of_nobody_is_refused(grace: Person, cursor: str) -> None:
    for path in ("/v1/missions", "/v1/orders", "/v1/claims"):
        assert refusal(await grace.get(path, cursor=cursor)) == (422, "invalid")


async def test_cash_needs_no_reference(grace: Person) -> None:
    mission = await _sent(grace, payment=CASH | {"reference": "MP250127.1015"})

    assert (mission["payment"]["status"], mission["payment"]["reference"]) == ("due", None)
