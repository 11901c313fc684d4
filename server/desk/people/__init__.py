"""People: everything that is known of one, what they want to get, handing it out and forgetting it."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.page import Desk
from server.desk.part import Entry, Part
from server.desk.people.deciding import decision_routes
from server.desk.people.one import person_routes
from server.desk.people.searching import search_routes
from staff import Act


def _routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    for made in (search_routes, person_routes, decision_routes):
        router.include_router(made(desk))
    return router


PEOPLE: Final = Part(
    name="people",
    folder=Path(__file__).parent,
    routes=_routes,
    menu=(Entry(section="talks", word="people.menu", path="/people", act=Act.READ_PEOPLE, icon="people"),),
)
