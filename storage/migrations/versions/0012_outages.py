"""Providers and channels that are away or refuse us, for all workers."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outages",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.Column("probe_at", UtcDateTime, nullable=False),
        sa.Column("probes", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_outages"),
    )
