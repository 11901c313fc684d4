"""The console: how everything is, what failed, what was sent, what would be said."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.console.health import health_routes
from server.desk.page import Desk
from server.desk.part import Entry, Part
from staff import Act


def _routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    router.include_router(health_routes(desk))
    return router


CONSOLE: Final = Part(
    name="console",
    folder=Path(__file__).parent,
    routes=_routes,
    menu=(Entry(section="delivery", word="console.menu.health", path="/health", act=Act.READ_HEALTH, icon="health"),),
)
