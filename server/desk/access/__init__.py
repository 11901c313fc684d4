"""Who gets in: logging in and out, one-time links, one's own account, the staff, the audit."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.access.account import account_routes
from server.desk.access.audit import audit_routes
from server.desk.access.entering import entering_routes
from server.desk.access.linked import link_routes
from server.desk.access.people import people_routes
from server.desk.access.second_factor import second_factor_routes
from server.desk.page import Desk
from server.desk.part import Entry, Part
from staff import Act


def _routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    for made in (entering_routes, link_routes, account_routes, second_factor_routes, people_routes, audit_routes):
        router.include_router(made(desk))
    return router


ACCESS: Final = Part(
    name="access",
    folder=Path(__file__).parent,
    routes=_routes,
    menu=(
        Entry(section="house", word="access.menu.staff", path="/staff", act=Act.STAFF, icon="people"),
        Entry(section="house", word="access.menu.audit", path="/audit", act=Act.READ_AUDIT, icon="audit"),
    ),
)
