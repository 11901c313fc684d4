"""What was ordered and sent: one list, newest first, a screen at a time; and what may be done with one of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from actions.orders import ShowHistory
from actions.people import PeopleClient
from actions.tracking import TrackDelivery, ValidateTrackingForm
from backend import BackendClient
from tests.actions.orders import DELIVERY, ITS_DELIVERY, ORDER, ORDER_CODE
from tests.actions.rasa import Played, play, said_by_person, tracker
from tests.backend.fake_backend import CODE, MISSION, PATRICKS_PHONE, Backend, as_json

PATRICKS = "COUR-20250127-071"


def pages(orders: list[Any], missions: list[Any]) -> Backend:
    """A backend that holds these, newest first, and gives two a page."""

    def answer(request: httpx.Request) -> httpx.Response:
        kind = request.url.path.removeprefix("/v1/")
        held = {"orders": orders, "missions": missions}[kind]
        start = int(request.url.params.get("cursor") or 0)
        following = str(start + 2) if start + 2 < len(held) else None
        return as_json({kind: held[start : start + 2], "next_cursor": following})

    return Backend(answer)


async def history(people: PeopleClient, backend: BackendClient, sender: str = "grace", **more: Any) -> Played:
    return await play(ShowHistory(people, backend), tracker(said_by_person("order_history", **more), sender))


async def test_orders_and_deliveries_stand_together_newest_first(people: PeopleClient) -> None:
    older = ORDER | {"code": "CMD-20250101-001", "created_at": "2025-01-01T08:00:00Z"}
    backend = pages([ORDER, older], [DELIVERY, MISSION])

    played = await history(people, backend.client())

    assert played.titles == [ORDER_CODE, CODE, "CMD-20250101-001"]
    assert played.payloads[0] == f'/track_delivery{{"order_code": "{ORDER_CODE}"}}'
    assert "Chez Maman Wivine" in played.said[-1]["buttons"][0]["description"]


async def test_the_list_goes_on_where_it_ended_and_ends(people: PeopleClient) -> None:
    start = datetime(2025, 1, 27, tzinfo=UTC)
    missions = [
        MISSION
        | {"code": f"COUR-20250127-{99 - number:03}", "created_at": (start - timedelta(hours=number // 2)).isoformat()}
        for number in range(12)
    ]
    backend = pages([], missions).client()

    first = await history(people, backend)
    assert len(first.titles) == 10
    assert first.titles[-1] == "Plus anciennes…"
    before = json.loads(first.payloads[-1].removeprefix("/order_history"))["before"]

    second = await history(people, backend, before=before)
    assert second.titles == ["COUR-20250127-090", "COUR-20250127-089", "COUR-20250127-088"]
    third = await history(people, backend, before=before.replace("091", "088").replace("T20", "T19"))
    assert third.names == ["utter_history_over"]


async def test_the_list_shows_even_a_single_delivery(people: PeopleClient, backend: BackendClient) -> None:
    assert (await history(people, backend, "patrick")).titles == [PATRICKS]


async def test_an_empty_list_is_said(people: PeopleClient, backend: BackendClient) -> None:
    assert (await history(people, backend, "aline")).names == ["utter_no_deliveries"]


async def test_a_business_without_a_shop_has_deliveries_all_the_same(people: PeopleClient) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return as_json({"missions": [MISSION]}) if "missions" in request.url.path else httpx.Response(404)

    assert (await history(people, Backend(answer).client())).titles == [CODE]


@pytest.mark.parametrize(
    ("allowed", "shown", "hidden"),
    [
        (["cancel", "change_dropoff", "pay", "claim"], {"🚫 Annuler", "📍 Changer l'adresse", "💳 Payer"}, {"⭐"}),
        (["rate", "claim"], {"⭐ Donner une note", "⚠️ Signaler un souci"}, {"🚫 Annuler", "💳 Payer"}),
    ],
)
async def test_what_may_be_done_is_what_the_backend_allows(
    people: PeopleClient, allowed: list[str], shown: set[str], hidden: set[str]
) -> None:
    backend = Backend(as_json(ORDER | {"allowed": allowed}))

    played = await history(people, backend.client(), order_code=ORDER_CODE, options="yes")

    assert shown <= set(played.titles)
    assert not hidden & set(played.titles)
    assert all(ORDER_CODE in payload or ITS_DELIVERY in payload for payload in played.payloads)


async def test_an_order_is_shown_with_its_lines_its_steps_and_what_may_be_done(people: PeopleClient) -> None:
    backend = Backend(as_json(ORDER), as_json(DELIVERY))

    played = await play(
        TrackDelivery(people, backend.client()), tracker(said_by_person("track_delivery", order_code=ORDER_CODE))
    )

    for text in ("2 × Poulet Mayo", "Double portion de plantains", "🔵 Demande créée", "lun. 27 janv., 14:30"):
        assert text in played.text
    assert played.slots["shown_order"] == {"code": ORDER_CODE, "delivery": ITS_DELIVERY}
    assert played.slots["shown_delivery"] == ITS_DELIVERY
    assert "🚫 Annuler" in played.titles


async def test_the_last_one_is_shown_also_to_who_asks_for_the_list(people: PeopleClient) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        lists = {"/v1/orders": {"orders": [ORDER]}, "/v1/missions": {"missions": [DELIVERY]}}
        return as_json(lists.get(request.url.path) or DELIVERY)

    assert "2 × Poulet Mayo" in (await history(people, Backend(answer).client(), latest="order")).text


async def test_an_order_whose_delivery_is_gone_is_shown_without(people: PeopleClient) -> None:
    backend = Backend(as_json(ORDER), httpx.Response(404))

    played = await play(
        TrackDelivery(people, backend.client()), tracker(said_by_person("track_delivery", order_code=ORDER_CODE))
    )

    assert "Poulet Mayo" in played.text
    assert "🔵" not in played.text


async def test_a_very_long_order_comes_in_two_messages(people: PeopleClient) -> None:
    line = ORDER["lines"][0] | {"name": "Poulet " * 20, "choice_names": ["Plantains " * 15]}
    backend = Backend(as_json(ORDER | {"lines": [line] * 30}), as_json(DELIVERY))

    played = await play(
        TrackDelivery(people, backend.client()), tracker(said_by_person("track_delivery", order_code=ORDER_CODE))
    )

    assert "… et 22 autres lignes" in played.text
    assert [bool(each["buttons"]) for each in played.said] == [False, True]


@pytest.mark.parametrize("status", [200, 404])
async def test_nobody_sees_somebody_elses_order(people: PeopleClient, status: int) -> None:
    backend = Backend(as_json(ORDER | {"customer_phone": PATRICKS_PHONE}, status))

    played = await play(
        TrackDelivery(people, backend.client()), tracker(said_by_person("track_delivery", order_code=ORDER_CODE))
    )

    assert played.names == ["utter_delivery_not_found"]
    assert "Wivine" not in played.text


@pytest.mark.parametrize(("kind", "code"), [("order", ORDER_CODE), ("delivery", CODE)])
async def test_the_last_one_is_the_newest_of_its_kind(people: PeopleClient, kind: str, code: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        lists = {"/v1/orders": {"orders": [ORDER]}, "/v1/missions": {"missions": [DELIVERY, MISSION]}}
        return as_json(lists.get(request.url.path) or DELIVERY)

    played = await play(
        TrackDelivery(people, Backend(answer).client()), tracker(said_by_person("track_delivery", latest=kind))
    )

    assert code in played.text


async def test_an_order_ends_the_question_for_a_deliverys_code(people: PeopleClient) -> None:
    message = said_by_person("track_delivery", text=ORDER_CODE, order_code=ORDER_CODE)
    conversation = tracker(message, "aline", form="tracking_form", requested_slot="delivery_code", code_attempts=1)
    conversation.events.append({"event": "slot", "name": "delivery_code", "value": ORDER_CODE})

    played = await play(ValidateTrackingForm(people), conversation)

    assert played.slots == {"delivery_code": None, "code_problem": "none", "requested_slot": None}
