"""The audit: who did what, and who looked at whom, the newest first."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from server.desk.door import needs
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act, audit
from staff.audit import MOST

type Auditor = Annotated[Visit, needs(Act.READ_AUDIT)]


def audit_routes(desk: Desk) -> APIRouter:
    """/audit"""
    router = APIRouter()

    @router.get("/audit")
    async def show(visit: Auditor, member: UUID | None = None, before: UUID | None = None) -> Response:
        """A page of it; `member` narrows it to one of the staff."""
        entries = await desk.parts.database.read(
            audit.listed,
            reach=visit.member.reach(Act.READ_AUDIT),
            member_id=str(member) if member else None,
            before_id=str(before) if before else None,
        )
        following = entries[-1].id if len(entries) == MOST else None
        return desk.page(visit, "access/audit.html", entries=entries, whose=member, following=following)

    return router
