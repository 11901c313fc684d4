"""The console: how everything is, what failed, what was sent, what would be said."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.console.alerts import alert_routes
from server.desk.console.content import content_routes
from server.desk.console.failed import failed_routes
from server.desk.console.health import health_routes
from server.desk.console.keys import key_routes
from server.desk.console.messages import message_routes
from server.desk.console.notifications import notification_routes
from server.desk.page import Desk
from server.desk.part import Entry, Part
from staff import Act


def _routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    delivery = (health_routes, alert_routes, failed_routes, message_routes, notification_routes)
    for made in (*delivery, content_routes, key_routes):
        router.include_router(made(desk))
    return router


def _entry(section: str, name: str, act: Act, icon: str, count: str = "") -> Entry:
    return Entry(section=section, word=f"console.menu.{name}", path=f"/{name}", act=act, icon=icon, count=count)


CONSOLE: Final = Part(
    name="console",
    folder=Path(__file__).parent,
    routes=_routes,
    menu=(
        _entry("delivery", "health", Act.READ_HEALTH, "health", count="/health/count"),
        _entry("delivery", "failed", Act.READ_MESSAGES, "failed"),
        _entry("delivery", "messages", Act.READ_MESSAGES, "send"),
        _entry("delivery", "notifications", Act.READ_MESSAGES, "feed"),
        _entry("delivery", "workflows", Act.READ_CONTENT, "workflow"),
        _entry("delivery", "templates", Act.READ_CONTENT, "template"),
        Entry(section="house", word="console.menu.api_keys", path="/keys", act=Act.KEYS, icon="key"),
    ),
)
