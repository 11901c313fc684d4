"""The page Failed: messages that failed for good, why, and sending them again or giving them up."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Response
from sqlalchemy.engine import Connection

from notifications import dead_letters
from notifications.dead_letters import MOST, NotDead
from server.desk.console.messages import business_of
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act
from staff.audit import Deed, keep

type Looker = Annotated[Visit, needs(Act.READ_MESSAGES)]
type Mender = Annotated[Visit, needs(Act.MEND_MESSAGES)]


def failed_routes(desk: Desk) -> APIRouter:
    """/failed, and what is done about the letters on it."""
    router, pages = APIRouter(prefix="/failed"), _Failed(desk)
    router.get("")(pages.show)
    router.post("")(pages.mend)
    return router


class _Failed:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def show(self, visit: Looker, before: UUID | None = None) -> Response:
        """The newest first, a page at a time."""
        letters = await self._database.read(
            dead_letters.dead_letters,
            business_ids=visit.member.reach(Act.READ_MESSAGES),
            before_id=str(before) if before else None,
        )
        following = letters[-1].id if len(letters) == MOST else None
        return self._desk.page(visit, "console/failed.html", letters=letters, following=following)

    async def mend(
        self,
        visit: Mender,
        act: Annotated[Literal["replay", "drop"], Form()],
        ids: Annotated[list[UUID], Form(max_length=MOST)] = [],  # noqa: B006
    ) -> Response:
        """Send these again, or give them up; those that somebody else was faster with are left out."""
        done = await self._database.write(_mend, visit, act, [str(each) for each in ids])
        if done and act == "replay":
            self._desk.parts.wakeup.signal("messages")
        word = f"console.done.{act}" if done else "console.done.nothing"
        return self._desk.go("/failed", done=word)


def _mend(connection: Connection, visit: Visit, act: str, ids: list[str]) -> int:
    """How many it was done about. Raises MayNot, undoing all, for one that is not theirs to mend."""
    count = 0
    for message_id in ids:
        business_id = business_of(connection, message_id)
        if business_id is None:
            continue
        if not visit.member.may(Act.MEND_MESSAGES, business_id):
            raise MayNot
        try:
            _do(connection, visit, act, message_id)
        except NotDead:
            continue
        deed = Deed.MESSAGE_REPLAYED if act == "replay" else Deed.MESSAGE_DROPPED
        told: dict[str, Any] = {"business_id": business_id, "subject": ("message", message_id)}
        keep(connection, deed, visit.now, member_id=visit.member.id, address=visit.address, **told)
        count += 1
    return count


def _do(connection: Connection, visit: Visit, act: str, message_id: str) -> None:
    if act == "replay":
        dead_letters.replay(connection, message_id, visit.now)
    else:
        dead_letters.drop(connection, message_id, visit.now)
