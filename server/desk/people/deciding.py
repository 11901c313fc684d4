"""Keeps what a person told somebody who works here about the messages that they want."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Response
from sqlalchemy.engine import Connection

from notifications import consent
from notifications.consent import OwnWord
from server.desk.door import needs
from server.desk.page import Desk
from server.desk.people.one import kept, theirs
from server.desk.visit import Visit
from staff import Act
from staff.audit import Deed

type Decider = Annotated[Visit, needs(Act.CHANGE_PREFERENCES)]


def decision_routes(desk: Desk) -> APIRouter:
    """POST /people/{person_id}/decisions."""
    router = APIRouter(prefix="/people/{person_id}")

    @router.post("/decisions")
    async def decide(
        visit: Decider,
        person_id: UUID,
        category: Annotated[Literal["marketing", "tracking", "reminders", "work"], Form()],
        channel: Annotated[Literal["whatsapp", "email", "sms", "inapp"], Form()],
        granted: Annotated[bool, Form()],
    ) -> Response:
        """Append it, as kept by the staff. A no that the person said to us themselves is theirs to take back."""
        business_id, person = await theirs(desk, visit, person_id, Act.CHANGE_PREFERENCES)
        try:
            done = await desk.parts.database.write(_decide, visit, business_id, person, category, channel, granted)
        except OwnWord:
            return desk.go(f"/people/{person}", done="people.done.own_word")
        return desk.go(f"/people/{person}", done="people.done.decided" if done else "people.done.same")

    return router


def _decide(
    connection: Connection, visit: Visit, business_id: str, person: str, category: str, channel: str, granted: bool
) -> bool:
    done = consent.hear(
        connection,
        business_id=business_id,
        subscriber_id=person,
        category=category,
        channel=channel,
        granted=granted,
        source="staff",
        said_at=visit.now,
    )
    if done:
        kept(connection, visit, Deed.PREFERENCES_CHANGED, business_id, person)
    return done
