"""Talks: found by what happened in them, read as the person saw them, marked by whoever looks after the assistant."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.inbox.acts import act_routes
from server.desk.inbox.keeping import filter_routes
from server.desk.inbox.opening import talk_routes
from server.desk.inbox.routes import list_routes
from server.desk.page import Desk
from server.desk.part import Entry, Part
from staff import Act


def _routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    for routes in (list_routes, filter_routes, talk_routes, act_routes):
        router.include_router(routes(desk))
    return router


INBOX: Final = Part(
    name="inbox",
    folder=Path(__file__).parent,
    routes=_routes,
    menu=(Entry(section="talks", word="inbox.menu.talks", path="/talks", act=Act.READ_TALKS, icon="inbox"),),
)
