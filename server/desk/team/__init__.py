"""The team's pages: who waits for a human, and a talk that one of them has."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.page import Desk
from server.desk.part import Entry, Part
from server.desk.team.queue import queue_routes
from server.desk.team.talk import talk_routes
from staff import Act


def _routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    router.include_router(queue_routes(desk))
    router.include_router(talk_routes(desk))
    return router


TEAM: Final = Part(
    name="team",
    folder=Path(__file__).parent,
    routes=_routes,
    menu=(Entry(section="talks", word="team.menu", path="/team", act=Act.ANSWER, icon="hand"),),
)
