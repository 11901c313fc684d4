"""The demo tells Relais what moves: each thing once, in order, whatever falls over meanwhile."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from demo.backend import news
from demo.backend.store import Store
from demo.backend.telling import ONCE, ClientOf, Teller
from notifications.tables import backend_events
from relais_client import Relais
from tests.clients.conftest import Bridge
from tests.demo.command import run
from tests.demo.people import Person
from tests.demo.told_clock import ToldClock
from tests.demo.wishes import fcfa, order_at, parcel_at
from tests.house import SECRET, House

FEE = fcfa(1600)  # from Poto-Poto to Bacongo
PATRICKS = "COUR-20250127-071"  # nobody has taken it yet
SAMIS = "COUR-20250127-014"  # of the other business


@pytest.fixture
def store(app: FastAPI) -> Store:
    kept: Store = app.state.store
    return kept


class Ear:
    """Something in the place of Relais: hears events, and answers as told."""

    def __init__(self, *answers: int) -> None:
        self._answers: Iterator[int] = iter(answers)
        self.heard: list[tuple[str, str]] = []

    def client_of(self, business: str) -> Relais:
        http = httpx.Client(transport=httpx.MockTransport(self._hear))
        return Relais("http://relais.test", SECRET, business=business, retries=ONCE, http=http)

    def _hear(self, request: httpx.Request) -> httpx.Response:
        status = next(self._answers, 202)
        if status == 202:
            told = httpx.Response(200, content=request.content).json()
            self.heard.append((request.headers["Relais-Business"], f"{told['type']} {told['data']['code']}"))
        return httpx.Response(status, json={"event_id": "e", "is_repeat": False})


async def advance(http: httpx.AsyncClient, code: str, times: int = 1) -> None:
    for _ in range(times):
        assert (await http.post(f"/demo/missions/{code}/advance")).status_code == 200


def told_all(store: Store, client_of: ClientOf) -> list[bool]:
    """Tell what there is; whether each was done with."""
    teller, done = Teller(store, client_of), []
    while (each := teller.tell_next()) is not None:
        done.append(each)
    return done


async def test_every_step_is_told_to_its_business_in_order(http: httpx.AsyncClient, store: Store) -> None:
    await advance(http, PATRICKS, 4)
    await advance(http, SAMIS)
    ear = Ear()

    assert told_all(store, ear.client_of) == [True] * 5

    steps = ("accepted", "pickup_arrived", "in_transit", "delivered")
    assert ear.heard[:4] == [("kimia", f"mission.{step} {PATRICKS}") for step in steps]
    assert ear.heard[4:] == [("jasmin", f"mission.delivered {SAMIS}")]


async def test_what_relais_cannot_take_now_waits_and_all_behind_it(http: httpx.AsyncClient, store: Store) -> None:
    await advance(http, PATRICKS, 2)
    ear = Ear(503, 502)
    teller = Teller(store, ear.client_of)

    assert [teller.tell_next() for _ in range(2)] == [False, False]
    assert ear.heard == []
    started_again = Teller(store, ear.client_of)
    assert [started_again.tell_next() for _ in range(3)] == [True, True, None]
    assert [what for _, what in ear.heard] == [f"mission.accepted {PATRICKS}", f"mission.pickup_arrived {PATRICKS}"]


async def test_what_relais_will_never_take_keeps_nothing_back(http: httpx.AsyncClient, store: Store) -> None:
    await advance(http, PATRICKS, 2)
    ear = Ear(422)

    assert told_all(store, ear.client_of) == [True, True]
    assert [what for _, what in ear.heard] == [f"mission.pickup_arrived {PATRICKS}"]


async def test_customers_are_not_told_what_they_did_themselves(patrick: Person, store: Store) -> None:
    await patrick.done(f"/v1/missions/{PATRICKS}/cancel", {})

    assert news.oldest(store) is None


async def test_what_the_business_calls_off_or_delays_is_told(http: httpx.AsyncClient, store: Store) -> None:
    await http.post(f"/demo/missions/{PATRICKS}/delay", json={"reason": "weather", "minutes": 25})
    await http.post(f"/demo/missions/{PATRICKS}/cancel")
    ear = Ear()

    told_all(store, ear.client_of)

    assert [what for _, what in ear.heard] == [f"mission.delayed {PATRICKS}", f"mission.cancelled {PATRICKS}"]


async def test_where_nobody_tells_old_news_are_thrown_away(
    http: httpx.AsyncClient, store: Store, clock: ToldClock
) -> None:
    await advance(http, PATRICKS)
    clock.passes(hours=13)
    await advance(http, PATRICKS)

    oldest = news.oldest(store)
    assert oldest is not None
    assert oldest.told["status"] == "pickup_arrived"


@pytest.fixture
async def telling(small_house: House) -> ClientOf:
    """Clients of a real Relais, as the demo makes them."""
    http = httpx.Client(transport=Bridge(asyncio.get_running_loop(), small_house.private._transport))

    def client_of(business: str) -> Relais:
        return Relais("http://relais.test", SECRET, business=business, retries=ONCE, http=http)

    return client_of


async def test_relais_understands_all_of_it(
    small_house: House, telling: ClientOf, http: httpx.AsyncClient, grace: Person, clock: ToldClock, store: Store
) -> None:
    clock.is_now(datetime.now(UTC).isoformat())
    await http.post("/demo/merchants/maman-wivine", json={"open": True})
    parcel = (await grace.done("/v1/missions", parcel_at(FEE)))["code"]
    quote = await grace.done("/v1/order-quotes", order_at(FEE))
    order = await grace.done("/v1/orders", order_at(quote["total"]))
    await advance(http, parcel, 4)
    await http.post(f"/demo/missions/{PATRICKS}/delay", json={"reason": "weather", "minutes": 25})
    await advance(http, order["mission_code"], 4)
    await http.post(f"/demo/missions/{PATRICKS}/cancel")

    await asyncio.to_thread(told_all, store, telling)

    told: dict[str, Any] = {}
    for row in await small_house.rows(backend_events):
        told.setdefault(row.payload["code"], []).append((row.type, "notification_id" in row.outcome))
    assert told[parcel] == [
        ("mission.accepted", True),
        ("mission.pickup_arrived", True),
        ("mission.in_transit", True),
        ("mission.delivered", True),
    ]
    assert [each for each in told[order["code"]] if each[1]] == [("order.confirmed", True)]
    assert told[order["mission_code"]] == [
        ("mission.accepted", True),
        ("mission.in_transit", True),
        ("mission.delivered", True),
    ]
    assert told[PATRICKS] == [("mission.delayed", True), ("mission.cancelled", True)]


@pytest.mark.slow
def test_without_the_secret_it_says_what_is_missing(tmp_path: Path) -> None:
    ended = run(tmp_path, BACKEND_TOKEN="demo", DEMO_TELLS_RELAIS="true")

    sentence = "DEMO_TELLS_RELAIS needs RELAIS_SECRET, by which Relais knows the demo."
    assert (ended.returncode, ended.stderr.strip()) == (1, sentence)
