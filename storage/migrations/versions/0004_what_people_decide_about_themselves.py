"""What people decide about themselves: consent in the chat, talks for a human, wishes to be forgotten."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Json, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consents", sa.Column("turn_id", Id, nullable=True))
    op.create_index("uq_consents_turn", "consents", ["turn_id", "category", "channel"], unique=True)
    _handoffs()
    _erasures()


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("turn_id", Id, nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("repeated_at", UtcDateTime, nullable=True),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        _business("handoffs"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_handoffs_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    op.create_index(op.f("ix_handoffs_conversation_id"), "handoffs", ["conversation_id"])
    is_waiting = sa.text("state IN ('waiting')")
    op.create_index(
        "ix_handoffs_waiting",
        "handoffs",
        ["business_id", "asked_at"],
        postgresql_where=is_waiting,
        sqlite_where=is_waiting,
    )


def _erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("wish_id", sa.String(length=64), nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("run_at", UtcDateTime, nullable=False),
        sa.Column("lease_until", UtcDateTime, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("done_at", UtcDateTime, nullable=True),
        sa.Column("removed", Json, nullable=True),
        _business("erasures"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_erasures_subscriber_id_subscribers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("business_id", "wish_id", name=op.f("uq_erasures_business_id_wish_id")),
    )
    is_open = sa.text("done_at IS NULL")
    op.create_index("ix_erasures_open", "erasures", ["run_at"], postgresql_where=is_open, sqlite_where=is_open)


def _business(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f(f"fk_{table}_business_id_businesses"))
