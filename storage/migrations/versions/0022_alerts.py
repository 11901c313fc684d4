"""Alerts of the house, whom they were told, and how old access tokens are."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", Id, nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("raised_at", UtcDateTime),
        sa.Column("said_at", UtcDateTime),
        sa.Column("acknowledged_at", UtcDateTime),
        sa.Column("acknowledged_by", Id),
        sa.Column("calm_since", UtcDateTime),
        sa.Column("over_at", UtcDateTime),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["staff_members.id"], name=op.f("fk_alerts_acknowledged_by_staff_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    is_open = sa.text("over_at IS NULL")
    op.create_index(
        "ux_alerts_open", "alerts", ["rule", "subject"], unique=True, postgresql_where=is_open, sqlite_where=is_open
    )
    op.create_table(
        "alert_notices",
        sa.Column("id", Id, nullable=False),
        sa.Column("alert_id", Id),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("next_at", UtcDateTime),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("problem", sa.Text()),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_notices_alert_id_alerts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_notices")),
    )
    op.create_index(op.f("ix_alert_notices_alert_id"), "alert_notices", ["alert_id"])
    is_untold = sa.text("next_at IS NOT NULL")
    op.create_index(
        "ix_alert_notices_due", "alert_notices", ["next_at"], postgresql_where=is_untold, sqlite_where=is_untold
    )
    op.create_table(
        "watch_leases",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("lease_until", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_watch_leases")),
    )
    op.create_table(
        "access_tokens",
        sa.Column("phone_number_id", sa.String(64), nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("is_valid", sa.Boolean()),
        sa.Column("problem", sa.Text()),
        sa.Column("issued_at", UtcDateTime),
        sa.Column("ends_at", UtcDateTime),
        sa.Column("first_seen_at", UtcDateTime, nullable=False),
        sa.Column("asked_at", UtcDateTime),
        sa.Column("ask_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_access_tokens_business_id_businesses")
        ),
        sa.ForeignKeyConstraint(
            ["phone_number_id"],
            ["phone_numbers.phone_number_id"],
            name=op.f("fk_access_tokens_phone_number_id_phone_numbers"),
        ),
        sa.PrimaryKeyConstraint("phone_number_id", name=op.f("pk_access_tokens")),
    )
