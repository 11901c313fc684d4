"""Figures by hour and by day, counted beside the work."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, UtcDateTime, one_of

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The worker counts the hours of before, the newest first."""
    op.create_table(
        "figures",
        sa.Column("business_id", Id, nullable=False),
        sa.Column("grain", sa.String(4), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_figures_business_id_businesses")),
        sa.PrimaryKeyConstraint("business_id", "grain", "kind", "at", "name", "detail", name=op.f("pk_figures")),
    )
    op.create_table(
        "figure_hours",
        sa.Column("business_id", Id, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("counted_at", UtcDateTime),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_figure_hours_business_id_businesses")
        ),
        sa.PrimaryKeyConstraint("business_id", "at", name=op.f("pk_figure_hours")),
    )
    op.create_index(
        "ix_figure_hours_due",
        "figure_hours",
        ["at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    # Few rows among many: what was given up, and what failed.
    parked, failed = one_of("status", "parked"), one_of("status", "failed")
    op.create_index("ix_turns_parked", "turns", ["id"], postgresql_where=parked, sqlite_where=parked)
    op.create_index(
        "ix_messages_failed", "messages", ["business_id", "id"], postgresql_where=failed, sqlite_where=failed
    )
