"""Who did what, and who looked at whom: kept in the transaction of the deed, read by those who may."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from staff.tables import staff_audit, staff_members
from storage.types import new_id

MOST: Final = 50
"""Of one page."""


class Deed(StrEnum):
    """What was done; the words for it are the desk's."""

    LOGGED_IN = "logged-in"
    LOG_IN_FAILED = "log-in-failed"
    LOGGED_OUT = "logged-out"
    ENTERED_DEMO = "entered-demo"
    SESSIONS_ENDED = "sessions-ended"
    JOINED = "joined"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of a deed
    SECOND_FACTOR_ON = "second-factor-on"
    SECOND_FACTOR_OFF = "second-factor-off"
    INVITED = "invited"
    LINK_MADE = "link-made"
    ROLES_CHANGED = "roles-changed"
    DISABLED = "disabled"
    ENABLED = "enabled"
    TALK_OPENED = "talk-opened"
    PERSON_OPENED = "person-opened"
    PEOPLE_SEARCHED = "people-searched"
    PERSON_EXPORTED = "person-exported"
    PERSON_ERASED = "person-erased"
    PREFERENCES_CHANGED = "preferences-changed"
    MESSAGE_OPENED = "message-opened"
    MESSAGE_REPLAYED = "message-replayed"
    MESSAGE_DROPPED = "message-dropped"
    PLAN_CALLED_OFF = "plan-called-off"
    PLANS_CALLED_OFF = "plans-called-off"
    ANCHOR_MOVED = "anchor-moved"
    KEY_MADE = "key-made"
    KEY_ROTATED = "key-rotated"
    KEY_REVOKED = "key-revoked"
    TALK_TAKEN_OVER = "talk-taken-over"
    TALK_HANDED_BACK = "talk-handed-back"
    TALK_ASSIGNED = "talk-assigned"
    TALK_CORRECTED = "talk-corrected"
    TALK_EXPORTED = "talk-exported"
    CORRECTIONS_TAUGHT = "corrections-taught"
    MODEL_TRAINED = "model-trained"
    ALERT_ACKNOWLEDGED = "alert-acknowledged"
    MODEL_PROMOTED = "model-promoted"
    GUEST_LINK_MADE = "guest-link-made"
    GUEST_LINK_ENDED = "guest-link-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the audit."""

    id: str
    done_at: datetime
    deed: str
    member_id: str | None
    member_name: str | None
    business_id: str | None
    subject_kind: str | None
    subject_id: str | None
    address: str | None


def keep(
    connection: Connection,
    deed: Deed,
    now: datetime,
    *,
    member_id: str | None,
    business_id: str | None = None,
    subject: tuple[str, str] | None = None,
    address: str | None = None,
) -> None:
    """Keep a line. `subject` is a kind (talk, person, message, member, key …) and an id, never a name or a number."""
    kind, subject_id = subject or (None, None)
    connection.execute(
        sa.insert(staff_audit).values(
            id=new_id(),
            business_id=business_id,
            member_id=member_id,
            deed=deed,
            subject_kind=kind,
            subject_id=subject_id,
            address=address,
            done_at=now,
        )
    )


def listed(
    connection: Connection,
    *,
    reach: Collection[str] | None,
    member_id: str | None = None,
    before_id: str | None = None,
    most: int = MOST,
) -> Sequence[Entry]:
    """The newest first; `before_id` is the last one of the page before, `reach` the businesses that may be seen.

    What belongs to no business is seen by those alone who see them all.
    """
    a = staff_audit.c
    where: list[sa.ColumnElement[bool]] = []
    if reach is not None:
        where.append(a.business_id.in_(sorted(reach)))
    if member_id is not None:
        where.append(a.member_id == member_id)
    if before_id is not None:
        where.append(a.id < before_id)
    chosen: sa.Select[Any] = sa.select(staff_audit, staff_members.c.name.label("member_name")).outerjoin(
        staff_members, staff_members.c.id == a.member_id
    )
    rows = connection.execute(chosen.where(*where).order_by(a.id.desc()).limit(most))
    return [Entry(**row._mapping) for row in rows]
