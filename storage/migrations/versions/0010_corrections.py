"""Corrections: what readers said that somebody meant, and which lines are worth their look."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Json, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("review_turns", sa.Column("margin", sa.Float(), nullable=True))
    op.add_column("review_turns", sa.Column("is_unsure", sa.Boolean(), nullable=False, server_default=sa.false()))
    # As far as these rows tell; `relais review rebuild` also knows how close the next meaning was.
    op.execute("UPDATE review_turns SET is_unsure = true WHERE words <> '' AND (is_fallback OR confidence < 0.7)")
    op.create_index(
        "ix_review_turns_unsure",
        "review_turns",
        ["business_id", "stamp"],
        postgresql_where=sa.text("is_unsure"),
        sqlite_where=sa.text("is_unsure = 1"),
    )
    op.create_table(
        "review_corrections",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=True),
        sa.Column("turn_id", Id, nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("intent", sa.String(length=128), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("line", sa.Text(), nullable=True),
        sa.Column("remarks", Json, nullable=True),
        sa.Column("heard_as", sa.String(length=128), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("member_id", Id, nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, server_default="standing"),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_review_corrections_business_id_businesses")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_review_corrections_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_review_corrections_turn_id_turns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_corrections")),
    )
    op.create_index("ix_review_corrections_state", "review_corrections", ["business_id", "state", "id"])
    op.create_index(op.f("ix_review_corrections_conversation_id"), "review_corrections", ["conversation_id"])
    standing = sa.text("state = 'standing'")
    op.create_index(
        "ix_review_corrections_turn",
        "review_corrections",
        ["turn_id"],
        unique=True,
        postgresql_where=standing,
        sqlite_where=standing,
    )
