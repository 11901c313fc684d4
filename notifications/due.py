"""Messages that are due: what the gate and a provider need to know of each, and the statements that find them.

The statements are made once: making one costs more than running it.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from notifications import breaker
from notifications.lanes import Lane
from notifications.status import Status
from notifications.tables import IS_IN_FLIGHT, IS_QUEUED, messages, number_health
from storage.among import among
from storage.clock import database_now
from storage.tables import addresses, businesses, conversations


class Due(NamedTuple):
    """One of them. A tuple, since it is read from the database by the hundred and looked at many times."""

    id: str
    business_id: str
    conversation_id: str | None
    notification_id: str | None
    channel: str
    lane: str
    provider: str | None
    origin: str
    category: str
    payload: Mapping[str, Any]
    template_payload: Mapping[str, Any] | None
    sent_form: str | None
    group_key: str | None
    is_test: bool
    run_at: datetime
    expires_at: datetime | None
    slot_at: datetime | None
    claimed_at: datetime | None
    attempt: int
    failures: int
    error_code: int | None
    subscriber_id: str | None
    phone_number_id: str | None
    last_inbound_at: datetime | None
    throughput: str | None
    is_on_app: bool | None
    country: str
    """The business's."""
    address: str | None
    bsuid: str | None
    heeds_quiet: bool | None
    """It waits for the end of quiet hours."""

    @property
    def recipient(self) -> str | None:
        """Who gets it, as its channel spells them."""
        match self.channel:
            case "whatsapp":
                # The number, else the business-scoped user id of somebody who hides theirs.
                return self.address or self.bsuid
            case "inapp":
                return self.subscriber_id
            case "guest":
                return self.conversation_id
            case _:
                return self.address

    @property
    def has_free_form(self) -> bool:
        """WhatsApp: it has words of our own, beside a template or without one."""
        return bool(self.payload) and self.payload.get("type") != "template"

    @property
    def template(self) -> Mapping[str, Any] | None:
        """WhatsApp: the template that goes, or would go in place of our own words."""
        if self.channel != "whatsapp":
            return None
        return self.template_payload if self.has_free_form or not self.payload else self.payload


ENDS: Final = 300
"""Messages at each end of a lane: read within some milliseconds. Our choice."""

_MOST: Final = sa.bindparam("most", type_=sa.Integer)
_before = messages.alias("before")


@cache
def due() -> sa.Select[Any]:
    """Due rows as `Due` has them, oldest first, each after the one it names; locked, and skipping what others hold."""
    m = messages.c
    # Two people who turned out to be one: their talk knows who it is with now.
    whose = sa.func.coalesce(conversations.c.subscriber_id, m.subscriber_id, type_=m.subscriber_id.type)
    others = {
        "subscriber_id": whose.label("subscriber_id"),
        "phone_number_id": conversations.c.phone_number_id,
        "last_inbound_at": conversations.c.last_inbound_at,
        "throughput": number_health.c.throughput,
        "is_on_app": number_health.c.is_on_app,
        "country": businesses.c.country,
        "address": _newest_address(whose, _ADDRESS_KIND).label("address"),
        "bsuid": _newest_address(whose, sa.literal("bsuid")).label("bsuid"),
    }
    return (
        sa.select(*[others[name] if name in others else m[name] for name in Due._fields])
        .join(businesses, businesses.c.id == m.business_id)
        .outerjoin(conversations, conversations.c.id == m.conversation_id)
        .outerjoin(number_health, number_health.c.phone_number_id == conversations.c.phone_number_id)
        .where(IS_QUEUED, m.run_at <= database_now(), ~_is_held_back())
        .order_by(m.run_at, m.id)
        .with_for_update(skip_locked=True, of=messages)
    )


@cache
def due_of_lane() -> sa.Select[Any]:
    """Those of a lane that may be taken now. Parameters: lane, most, numbers and channels that are shut."""
    return _open(due()).where(messages.c.lane == sa.bindparam("lane")).limit(_MOST)


@cache
def due_at_the_ends() -> sa.Select[Any]:
    """The same, looked for among the oldest and the newest that are due alone; for a lane of which much may not go.

    A campaign of a number that waits would be read whole at each claim otherwise. Its own planned messages, and what
    others queue meanwhile, are among the newest.
    """
    m = messages.c
    is_due = (IS_QUEUED, m.lane == sa.bindparam("lane"), m.run_at <= database_now())
    oldest, newest = (
        sa.select(m.id).where(*is_due).order_by(*order).limit(ENDS).subquery()
        for order in ((m.run_at, m.id), (m.run_at.desc(), m.id.desc()))
    )
    ends = sa.union(sa.select(oldest.c.id), sa.select(newest.c.id))
    # Not of the lane once more: that would have SQLite read the lane after all, looking for these.
    return _open(due()).where(m.id.in_(ends)).limit(_MOST)


@cache
def next_of_lanes(lanes: tuple[Lane, ...]) -> sa.Select[Any]:
    """When the next one of each of these lanes is due, or was; when the next lease ends; then the database's clock.

    For lanes of which nothing is shut.
    """
    m = messages.c
    leased = sa.select(sa.func.min(m.lease_until, type_=m.lease_until.type)).where(IS_IN_FLIGHT).scalar_subquery()
    return sa.select(*(_first_of_lane(lane) for lane in lanes), leased, database_now())


def _first_of_lane(lane: Lane) -> sa.ScalarSelect[Any]:
    m = messages.c
    return (
        sa.select(m.run_at)
        .outerjoin(conversations, conversations.c.id == m.conversation_id)
        .where(IS_QUEUED, m.lane == lane, ~_is_held_back(), ~breaker.is_stopped())
        .order_by(m.run_at, m.id)
        .limit(1)
        .scalar_subquery()
    )


@cache
def waiting() -> sa.Select[Any]:
    """When the first message of each lane was to go, in the order of the lanes; any number stopped? the clock."""
    m = messages.c
    oldest = [
        sa.select(m.run_at).where(IS_QUEUED, m.lane == lane).order_by(m.run_at, m.id).limit(1).scalar_subquery()
        for lane in Lane
    ]
    return sa.select(*oldest, breaker.IS_ANY_STOPPED, database_now())


_ADDRESS_KIND: Final = sa.case({"whatsapp": "whatsapp", "email": "email", "sms": "phone"}, value=messages.c.channel)


def _newest_address(whose: sa.ColumnElement[Any], kind: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    return (
        sa.select(addresses.c.value)
        .where(addresses.c.subscriber_id == whose, addresses.c.kind == kind)
        .order_by(addresses.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _is_held_back() -> sa.ColumnElement[bool]:
    """The message before it in its conversation is still on its way, or unknown for less than a minute."""
    b = _before.c
    return sa.exists().where(
        b.id == messages.c.after_id,
        b.status.in_((Status.QUEUED, Status.SENDING))
        | ((b.status == Status.UNKNOWN) & (b.lease_until > database_now())),
    )


def _open(statement: sa.Select[Any]) -> sa.Select[Any]:
    """None of a stopped number, of those that are shut only what has its slot already, and none of shut channels."""
    number = conversations.c.phone_number_id
    return statement.where(
        ~breaker.is_stopped(),
        number.is_(None) | ~among(number, "numbers") | messages.c.slot_at.is_not(None),
        ~among(messages.c.channel, "channels"),
    )
