"""Humans who take talks up: who answers a talk, who of the desk has it, and when it goes back to the bot."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, UtcDateTime, one_of

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("answered_by", sa.String(length=8), nullable=False, server_default="bot"))
    op.add_column("messages", sa.Column("author_id", Id, nullable=True))
    op.drop_index("ix_handoffs_waiting", "handoffs")
    with op.batch_alter_table("handoffs") as batch:
        batch.alter_column("turn_id", existing_type=Id, nullable=True)
        batch.add_column(sa.Column("priority", sa.SmallInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("agent_id", Id, nullable=True))
        batch.add_column(sa.Column("taken_at", UtcDateTime, nullable=True))
        batch.add_column(sa.Column("unanswered_since", UtcDateTime, nullable=True))
        batch.add_column(sa.Column("returns_at", UtcDateTime, nullable=True))
        batch.add_column(sa.Column("ended_by", sa.String(length=16), nullable=True))
    # Until now somebody took a talk up without Relais knowing more of it.
    op.execute("UPDATE handoffs SET ended_by = 'elsewhere' WHERE state = 'closed'")
    is_open = one_of("state", "waiting", "human", "closing")
    returns = sa.text("returns_at IS NOT NULL")
    op.create_index(
        "ix_handoffs_open", "handoffs", ["business_id", "asked_at"], postgresql_where=is_open, sqlite_where=is_open
    )
    op.create_index("ix_handoffs_returns", "handoffs", ["returns_at"], postgresql_where=returns, sqlite_where=returns)
