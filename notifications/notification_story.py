"""Explains a notification: what was decided about its plan and about each message of it, in order, in words."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.caps import PER_GROUP
from notifications.explain import explain
from notifications.tables import IS_PUSHED, messages, notification_decisions, notifications, workflow_versions


def explain_notification(connection: Connection, notification_id: str) -> dict[str, Any] | None:
    """Its state and its story, oldest first; None when there is no such notification."""
    n, d, m, v = notifications.c, notification_decisions.c, messages.c, workflow_versions.c
    begun: sa.Select[Any] = (
        sa.select(notifications, v.version, v.definition["cap"].as_integer().label("cap"))
        .join(workflow_versions, v.id == n.version_id)
        .where(n.id == notification_id)
    )
    row = connection.execute(begun).one_or_none()
    if row is None:
        return None
    story = [{"at": row.created_at.isoformat(), "what": "triggered", "why": _begun(connection, row)}]
    decided: sa.Select[Any] = sa.select(d.decided_at, d.decision, d.reason).where(d.notification_id == notification_id)
    for each in connection.execute(decided.order_by(d.id)):
        story.append({"at": each.decided_at.isoformat(), "what": each.decision, "why": each.reason})
    made: sa.Select[Any] = sa.select(m.id, m.channel).where(m.notification_id == notification_id)
    for message in connection.execute(made.order_by(m.id)).all():
        told = explain(connection, message.id)
        for entry in told["story"] if told is not None else []:
            story.append({**entry, "what": f"{message.channel} {entry['what']}"})
    # Moments of one server, all in UTC and written alike, sort as text; what happened at once keeps its order.
    story.sort(key=lambda entry: entry["at"])
    return {"id": notification_id, "state": row.state, "story": story}


def _begun(connection: Connection, row: Any) -> str:
    """What was set off, by whom, and how much the person was told of the same thing."""
    words = f"The workflow {row.workflow}, version {row.version}, was set off; source: {row.source}."
    if row.expires_at is not None:
        words += f" It is worth telling until {row.expires_at:%Y-%m-%d %H:%M} UTC."
    if row.group_key is None:
        return words
    m = messages.c
    gone = connection.scalar(
        sa.select(sa.func.count(m.notification_id.distinct())).where(
            m.business_id == row.business_id,
            m.group_key == row.group_key,
            m.subscriber_id == row.subscriber_id,
            m.claimed_at.is_not(None),
            IS_PUSHED,
        )
    )
    return f"{words} Of at most {row.cap or PER_GROUP} notifications about the same thing, {gone} left so far."
