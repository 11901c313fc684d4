"""How Meta sees each of our numbers, kept as its webhooks and our polls tell it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from channels.whatsapp.account import NumberState
from channels.whatsapp.webhook import AccountUpdate, CapabilityUpdate, News, NumberNameChange, NumberQualityChange
from notifications import breaker
from notifications.number_concerns import concerns
from notifications.tables import number_health
from storage.insert import insert_new
from storage.tables import businesses, phone_numbers

STATUS_OF_EVENT: Final = {"FLAGGED": "FLAGGED", "UNFLAGGED": "CONNECTED"}
"""Events of phone_number_quality_update that are about the number's status."""

EVERYTHING_IS_WELL: Final = frozenset({"REINSTATE"})
"""Words of `ban_state` that end a ban."""

NEVER_ASKED: Final = datetime.fromtimestamp(0, UTC)
"""Due for as long as there have been clocks."""

log = structlog.get_logger()

_SHOWN: Final = [
    number_health.c[name]
    for name in (
        "quality",
        "status",
        "throughput",
        "messaging_limit",
        "name_status",
        "is_on_app",
        "details",
        "checked_at",
    )
]

type Change = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberHealth:
    """A number of ours with what is worrying about it."""

    phone_number_id: str
    business: str  # its slug
    display_number: str = field(repr=False)
    waba_id: str | None
    quality: str | None
    status: str | None
    throughput: str | None
    messaging_limit: str | None
    name_status: str | None
    is_on_app: bool | None
    checked_at: datetime | None
    concerns: tuple[str, ...]


def health(connection: Connection, now: datetime) -> list[NumberHealth]:
    """Every number of ours, also one that was never asked about."""
    n, h = phone_numbers.c, number_health.c
    stops: dict[str, list[str]] = {}
    for stop in breaker.stops(connection):
        what = "sending" if stop.scope is breaker.Scope.EVERYTHING else "marketing"
        stops.setdefault(stop.phone_number_id, []).append(f"{what} is stopped: {stop.reason}".rstrip("."))
    rows = connection.execute(
        sa.select(n.phone_number_id, n.display_number, n.waba_id, businesses.c.slug, *_SHOWN)
        .join(businesses, businesses.c.id == n.business_id)
        .outerjoin(number_health, h.phone_number_id == n.phone_number_id)
        .where(n.channel == "whatsapp")
        .order_by(businesses.c.slug, n.phone_number_id)
    ).all()
    return [
        NumberHealth(
            phone_number_id=row.phone_number_id,
            business=row.slug,
            display_number=row.display_number,
            waba_id=row.waba_id,
            quality=row.quality,
            status=row.status,
            throughput=row.throughput,
            messaging_limit=row.messaging_limit,
            name_status=row.name_status,
            is_on_app=row.is_on_app,
            checked_at=row.checked_at,
            concerns=(
                *stops.get(row.phone_number_id, []),
                *concerns(
                    quality=row.quality,
                    status=row.status,
                    name_status=row.name_status,
                    details=row.details or {},
                    now=now,
                ),
            ),
        )
        for row in rows
    ]


def follow(connection: Connection, news: News, business_ids: Sequence[str], now: datetime) -> None:
    """Take what a webhook says of our numbers and their account; other news is ignored."""
    change = _change_of(news)
    if change is None:
        return
    for phone_number_id, business_id in _concerned(connection, news, business_ids):
        _write(connection, phone_number_id, business_id, change, now)


def keep(connection: Connection, state: NumberState, business_id: str, now: datetime) -> None:
    """Keep what a poll found."""
    polled = {
        "can_send": state.can_send,
        "blockers": [
            {"entity": each.entity, "code": each.code, "problem": each.problem, "solution": each.solution}
            for each in state.blockers
        ],
        "code_verification": state.code_verification,
        "platform": state.platform,
    }

    def change(details: dict[str, Any]) -> dict[str, Any]:
        return {
            "quality": state.quality,
            "status": state.status,
            "throughput": state.throughput,
            "messaging_limit": state.messaging_limit,
            "name_status": state.name_status,
            "is_on_app": state.is_on_app,
            "details": {**details, **polled},
            "checked_at": now,
        }

    _write(connection, state.phone_number_id, business_id, change, now)


def _change_of(news: News) -> Change | None:
    """What a piece of news means for the row of each number it concerns; None where it means nothing here."""
    match news:
        case NumberQualityChange():
            limit = news.max_daily_conversations or news.current_limit
            facts = {"status": STATUS_OF_EVENT.get(news.event), "messaging_limit": limit}
            if news.event == "THROUGHPUT_UPGRADE":
                facts["throughput"] = "HIGH"
            return lambda details: {name: value for name, value in facts.items() if value is not None}
        case NumberNameChange():
            return lambda details: {"name_status": "DECLINED" if news.decision == "REJECTED" else news.decision}
        case CapabilityUpdate(max_daily_conversations=str(limit)):
            return lambda details: {"messaging_limit": limit}
        case AccountUpdate():
            return lambda details: {"details": {**details, "account": _account(news, details.get("account") or {})}}
        case _:
            return None


def _account(news: AccountUpdate, before: dict[str, Any]) -> dict[str, Any] | None:
    """What stands against the account: each event replaces its own part."""
    after = dict(before)
    if news.ban_state in EVERYTHING_IS_WELL:
        return None
    if news.ban_state is not None:
        after |= {"ban_state": news.ban_state, "ban_date": news.ban_date}
    if news.violation is not None:
        after["violation"] = news.violation
    if news.event == "ACCOUNT_RESTRICTION":
        after["restrictions"] = [
            {
                "type": each.type,
                "until": each.expires_at.isoformat() if each.expires_at else None,
                "remediation": each.remediation,
            }
            for each in news.restrictions
        ]
    return after or None


def _concerned(connection: Connection, news: News, business_ids: Sequence[str]) -> list[tuple[str, str]]:
    """(phone_number_id, business id) of the numbers that the news is about: the one it shows, else the account's."""
    n = phone_numbers.c
    is_named = n.waba_id == news.waba_id if news.phone_number_id is None else n.phone_number_id == news.phone_number_id
    rows = connection.execute(
        sa.select(n.phone_number_id, n.business_id, n.display_number).where(n.business_id.in_(business_ids), is_named)
    ).all()
    shown = _digits(getattr(news, "display_number", None) or "")
    if shown:
        rows = [row for row in rows if _digits(row.display_number) == shown]
    return [(row.phone_number_id, row.business_id) for row in rows]


def _write(connection: Connection, phone_number_id: str, business_id: str, change: Change, now: datetime) -> None:
    h = number_health.c
    ensure(connection, phone_number_id, business_id, now)
    row = connection.execute(
        sa.select(h.status, h.quality, h.details).where(h.phone_number_id == phone_number_id).with_for_update()
    ).one()
    values = change(dict(row.details))
    for name in ("status", "quality"):
        if values.get(name, getattr(row, name)) != getattr(row, name):
            values["changed_at"] = now
            log.info("number.changed", business_id=business_id, what=name, now_is=values[name])
    if values:
        connection.execute(sa.update(number_health).where(h.phone_number_id == phone_number_id).values(values))


def ensure(connection: Connection, phone_number_id: str, business_id: str, now: datetime) -> None:
    """The number's row exists from here on."""
    row = {
        "phone_number_id": phone_number_id,
        "business_id": business_id,
        "details": {},
        "changed_at": now,
        "check_at": NEVER_ASKED,
    }
    insert_new(connection, number_health, row, number_health.c.phone_number_id)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
