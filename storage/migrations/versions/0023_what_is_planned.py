"""What is planned is counted by business and day."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BY_DAY = ["business_id", "next_at", "id"]
IS_ACTIVE = "state IN ('active')"
RESTS = "state IN ('active') AND (progress -> 'quiet') IS NOT NULL"
IS_OPEN = "closed_at IS NULL"


def upgrade() -> None:
    for name, table, columns, condition in (
        ("ix_notifications_planned", "notifications", [*BY_DAY, "workflow", "category", "state"], IS_ACTIVE),
        ("ix_notifications_resting", "notifications", BY_DAY, RESTS),
        ("ix_digest_buckets_led", "digest_buckets", ["notification_id"], IS_OPEN),
    ):
        where = sa.text(condition)
        op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)
