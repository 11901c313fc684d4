"""The team's pages: who waits for a human, and a talk that one of them has."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.page import Desk
from server.desk.part import Entry, Part
from server.desk.team.answering import answer_routes
from server.desk.team.kept_answers import kept_answer_routes
from server.desk.team.queue import queue_routes
from server.desk.team.talk import talk_routes
from staff import Act


def _routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    for routes in (queue_routes, kept_answer_routes, talk_routes, answer_routes):
        router.include_router(routes(desk))
    return router


TEAM: Final = Part(
    name="team",
    folder=Path(__file__).parent,
    routes=_routes,
    menu=(
        Entry(section="talks", word="team.menu", path="/team", act=Act.ANSWER, icon="hand"),
        Entry(section="talks", word="answers.menu", path="/answers", act=Act.ASSIGN, icon="note"),
    ),
)
