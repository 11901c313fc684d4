"""What Meta decided about each template, kept as its webhooks and our polls tell it, one row per business."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from channels.whatsapp.account import RemoteTemplate
from channels.whatsapp.webhook import News, TemplateCategoryChange, TemplateQualityChange, TemplateStatusChange
from notifications.tables import templates
from storage.insert import insert_new
from storage.types import new_id

PAUSES: Final = {"FIRST_PAUSE": timedelta(hours=3), "SECOND_PAUSE": timedelta(hours=6)}
"""How long Meta pauses a template; the third time it is disabled. Meta's guide."""

STATUS_OF_EVENT: Final = {"REINSTATED": "APPROVED", "UNPAUSED": "APPROVED", "UNARCHIVED": "APPROVED"}
"""Events that lead to a status of another name; any other event is one."""

WARNINGS: Final = frozenset({"FLAGGED"})
"""Events after which it may still be sent: Meta will disable it if nothing gets better."""

UNKNOWN: Final = "UNKNOWN"
"""The status and category of a template that was spoken of before it was seen."""

log = structlog.get_logger()


def follow(connection: Connection, news: News, business_ids: Sequence[str], now: datetime) -> None:
    """Take what a webhook says of a template; other news is ignored."""
    if news.waba_id is None:
        return
    for business_id in business_ids:
        match news:
            case TemplateStatusChange():
                _follow_status(connection, news, business_id, now)
            case TemplateQualityChange():
                _learn(connection, news, business_id, now, quality=news.new)
            case TemplateCategoryChange():
                _learn(connection, news, business_id, now, category=news.new)


def keep(
    connection: Connection, business_id: str, waba_id: str, listed: Sequence[RemoteTemplate], now: datetime
) -> None:
    """Keep what a poll found."""
    for each in listed:
        key = {"business_id": business_id, "waba_id": waba_id, "name": each.name, "language": each.language}
        _change(
            connection,
            key,
            now,
            {
                "status": each.status,
                "category": each.category,
                "quality": each.quality,
                "reason": each.rejected_reason,
                "components": [dict(component) for component in each.components],
                "parameter_format": each.parameter_format,
                "meta_id": each.id,
                "checked_at": now,
            },
        )


def forget_missing(
    connection: Connection, business_id: str, waba_id: str, listed: Collection[RemoteTemplate], now: datetime
) -> None:
    """Templates that Meta no longer lists are deleted there: say so, and keep the row for what named it."""
    there = {(each.name, each.language) for each in listed}
    t = templates.c
    rows = connection.execute(
        sa.select(t.id, t.name, t.language).where(
            t.business_id == business_id, t.waba_id == waba_id, t.status != "DELETED"
        )
    ).all()
    gone = [row.id for row in rows if (row.name, row.language) not in there]
    if gone:
        connection.execute(
            sa.update(templates).where(t.id.in_(gone)).values(status="DELETED", changed_at=now, checked_at=now)
        )


def remember_file(
    connection: Connection,
    business_id: str,
    waba_id: str,
    *,
    name: str,
    language: str,
    category: str,
    alternate: str | None,
) -> None:
    """Keep what our file says and Meta does not know: the category it is meant to have, and its alternate."""
    t = templates.c
    connection.execute(
        sa.update(templates)
        .where(t.business_id == business_id, t.waba_id == waba_id, t.name == name, t.language == language)
        .values(intended_category=category.upper(), alternate=alternate)
    )


def _follow_status(connection: Connection, news: TemplateStatusChange, business_id: str, now: datetime) -> None:
    if news.event in WARNINGS:
        _learn(connection, news, business_id, now, reason=news.rejection_info or news.reason or news.event)
        return
    at = news.at or now
    pause = PAUSES.get(news.title or "")
    facts: dict[str, Any] = {
        "status": STATUS_OF_EVENT.get(news.event, news.event)[:32],
        "reason": news.rejection_info or news.reason,
        "paused_until": at + pause if pause is not None and news.event == "PAUSED" else None,
    }
    if news.category is not None:
        facts["category"] = news.category
    _learn(connection, news, business_id, now, at=at, **facts)


def _learn(
    connection: Connection,
    news: TemplateStatusChange | TemplateQualityChange | TemplateCategoryChange,
    business_id: str,
    now: datetime,
    *,
    at: datetime | None = None,
    **facts: Any,
) -> None:
    key = {
        "business_id": business_id,
        "waba_id": str(news.waba_id),
        "name": news.name,
        "language": news.language,
    }
    if news.template_id is not None:
        facts["meta_id"] = news.template_id
    _change(connection, key, now, facts, at)


def _change(
    connection: Connection, key: dict[str, str], now: datetime, facts: dict[str, Any], at: datetime | None = None
) -> None:
    """Make the row say this; one that is new begins with what is known of it.

    A status that happened before the one we know comes late, and is dropped: `at` tells when it happened.
    """
    t = templates.c
    beginning = {"id": new_id(), "status": UNKNOWN, "category": UNKNOWN, "changed_at": at or now, **key, **facts}
    if insert_new(connection, templates, beginning, t.id) is not None:
        return
    row: Any = connection.execute(
        sa.select(t.id, t.status, t.category, t.intended_category, t.changed_at, t.meta_id)
        .where(*(t[name] == value for name, value in key.items()))
        .with_for_update()
    ).one()
    if "status" in facts and at is not None and at < row.changed_at:
        return
    values = {**facts, **_consequences(row, facts, at or now)}
    connection.execute(sa.update(templates).where(t.id == row.id).values(values))


def _consequences(row: Any, facts: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What else a change of status or category means; each is told once, since the row then says it."""
    values: dict[str, Any] = {}
    status, category = facts.get("status", row.status), facts.get("category", row.category)
    if status != row.status:
        values["changed_at"] = at
        if status != "PAUSED":
            values["paused_until"] = None
        if status not in ("APPROVED", "PENDING"):
            log.warning("template.not_usable", template_id=row.meta_id, status=status, reason=facts.get("reason"))
    if category != row.category and UNKNOWN not in (category, row.category):
        values["intended_category"] = row.intended_category or row.category
        if category == "MARKETING":
            log.warning("template.became_marketing", template_id=row.meta_id, was=row.category)
    return values
