"""The tables of alerts: what is wrong and since when, whom it was told, and which process watches."""

import sqlalchemy as sa

from storage.tables import metadata
from storage.types import Id, UtcDateTime

alerts = sa.Table(
    "alerts",
    metadata,
    # Something of the house that a rule calls wrong. Of no business: what is wrong may concern all of them.
    sa.Column("id", Id, primary_key=True),
    # The rule's name, and what of it: a lane, a provider; empty where there is but one.
    sa.Column("rule", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(128), nullable=False),
    # The number that went beyond its limit, as last seen.
    sa.Column("value", sa.Float, nullable=False),
    sa.Column("began_at", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    # When it had held for its time; null until then.
    sa.Column("raised_at", UtcDateTime),
    sa.Column("said_at", UtcDateTime),
    sa.Column("acknowledged_at", UtcDateTime),
    sa.Column("acknowledged_by", Id, sa.ForeignKey("staff_members.id")),
    # Since when it is well again; over once that has held.
    sa.Column("calm_since", UtcDateTime),
    sa.Column("over_at", UtcDateTime),
    sa.Index(
        "ux_alerts_open",
        "rule",
        "subject",
        unique=True,
        postgresql_where=sa.text("over_at IS NULL"),
        sqlite_where=sa.text("over_at IS NULL"),
    ),
)

IS_OPEN = sa.text("alerts.over_at IS NULL")
"""The condition of ux_alerts_open, for queries."""

alert_notices = sa.Table(
    "alert_notices",
    metadata,
    # One thing to tell one recipient in one way.
    sa.Column("id", Id, primary_key=True),
    # Null: a test.
    sa.Column("alert_id", Id, sa.ForeignKey("alerts.id")),
    # raised, again, over, test
    sa.Column("what", sa.String(16), nullable=False),
    # email, webhook
    sa.Column("way", sa.String(16), nullable=False),
    # The address of an email; of the webhook nothing, for its address may hold a secret.
    sa.Column("recipient", sa.String(254), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # When it is tried next, or by when who tries is to have an answer; null once it was told or given up.
    sa.Column("next_at", UtcDateTime),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("problem", sa.Text),
    sa.Index(None, "alert_id"),
    sa.Index(
        "ix_alert_notices_due",
        "next_at",
        postgresql_where=sa.text("next_at IS NOT NULL"),
        sqlite_where=sa.text("next_at IS NOT NULL"),
    ),
)

IS_UNTOLD = sa.text("alert_notices.next_at IS NOT NULL")
"""The condition of ix_alert_notices_due, for queries."""

watch_leases = sa.Table(
    "watch_leases",
    metadata,
    # Who of all processes watches until when.
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("lease_until", UtcDateTime, nullable=False),
)
