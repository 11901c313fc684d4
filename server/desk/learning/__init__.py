"""What the assistant learns from people: what was not understood, what readers say it meant, and what would change."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.learning.changes import change_routes
from server.desk.learning.meanings import meaning_routes
from server.desk.learning.queue import queue_routes
from server.desk.learning.school import School
from server.desk.learning.turns import turn_routes
from server.desk.page import Desk
from server.desk.part import Entry, Part
from staff import Act


def _routes(desk: Desk) -> APIRouter:
    router, school = APIRouter(), School(desk)
    for routes in (queue_routes, turn_routes, meaning_routes, change_routes):
        router.include_router(routes(desk, school))
    return router


LEARNING: Final = Part(
    name="learning",
    folder=Path(__file__).parent,
    routes=_routes,
    menu=(
        Entry(
            section="talks",
            word="learning.menu.learning",
            path="/learning",
            act=Act.REVIEW,
            icon="learn",
            count="/learning/count",
        ),
    ),
)
