"""Who gets in: logging in and out, one-time links, one's own account, the staff, the audit."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter

from server.desk.access.entering import entering_routes
from server.desk.access.linked import link_routes
from server.desk.page import Desk
from server.desk.part import Part


def _routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    router.include_router(entering_routes(desk))
    router.include_router(link_routes(desk))
    return router


ACCESS: Final = Part(name="access", folder=Path(__file__).parent, routes=_routes)
