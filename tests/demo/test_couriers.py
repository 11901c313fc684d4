"""What customers sent or ordered moves by itself, a step at a time; what the seed brought stays."""

import httpx
import pytest
from fastapi import FastAPI

from demo.backend.couriers import Couriers
from tests.demo.people import Person
from tests.demo.told_clock import ToldClock
from tests.demo.wishes import fcfa, order_at, parcel_at

FEE = fcfa(1600)  # from Poto-Poto to Bacongo
SEEDED = "COUR-20250127-074"


@pytest.fixture
def couriers(app: FastAPI, clock: ToldClock) -> Couriers:
    return Couriers(app.state.store, 30, clock)


async def status_of(grace: Person, code: str) -> str:
    return str((await grace.read(f"/v1/missions/{code}"))["status"])


async def test_each_step_takes_its_time(couriers: Couriers, grace: Person, clock: ToldClock) -> None:
    code = (await grace.done("/v1/missions", parcel_at(FEE)))["code"]
    seen = []
    for _ in range(6):
        clock.passes(seconds=29)
        couriers.turn()
        clock.passes(seconds=1)
        couriers.turn()
        couriers.turn()
        seen.append(await status_of(grace, code))

    assert seen == ["accepted", "pickup_arrived", "in_transit", "delivered", "delivered", "delivered"]
    assert await status_of(grace, SEEDED) == "pending"


async def test_an_order_moves_and_what_was_called_off_does_not(
    couriers: Couriers, http: httpx.AsyncClient, grace: Person, clock: ToldClock
) -> None:
    total = (await grace.done("/v1/order-quotes", order_at(FEE)))["total"]
    order = (await grace.done("/v1/orders", order_at(total)))["mission_code"]
    called_off = (await grace.done("/v1/missions", parcel_at(FEE)))["code"]
    await grace.done(f"/v1/missions/{called_off}/cancel", {})

    clock.passes(hours=1)
    couriers.turn()

    assert await status_of(grace, order) == "accepted"
    assert await status_of(grace, called_off) == "cancelled"
