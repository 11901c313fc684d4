"""Plans ahead: what will leave and when, by day; taking it back, moving it with its appointment."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.page import Desk
from server.desk.part import Entry, Part
from server.desk.plans.calendar import calendar_routes
from server.desk.plans.calling_off import calling_off_routes
from server.desk.plans.day import day_routes
from server.desk.plans.moving import moving_routes
from staff import Act


def _routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    for made in (calendar_routes, day_routes, calling_off_routes, moving_routes):
        router.include_router(made(desk))
    return router


PLANS: Final = Part(
    name="plans",
    folder=Path(__file__).parent,
    routes=_routes,
    menu=(Entry(section="delivery", word="plans.menu", path="/plans", act=Act.READ_MESSAGES, icon="calendar"),),
)
