"""What agents work with: answers they keep, who looks at a talk, files they send."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Json, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned_answers",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("shortcut", sa.String(length=32), nullable=False),
        sa.Column("texts", Json, nullable=False),
        sa.Column("written_by", Id, nullable=True),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name="fk_canned_answers_business_id_businesses"),
        sa.PrimaryKeyConstraint("id", name="pk_canned_answers"),
        sa.UniqueConstraint("business_id", "shortcut", name="uq_canned_answers_business_id_shortcut"),
    )
    op.create_table(
        "talk_watchers",
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("member_id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("typed_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name="fk_talk_watchers_business_id_businesses"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_talk_watchers_conversation_id_conversations"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "member_id", name="pk_talk_watchers"),
    )
    op.create_table(
        "sent_files",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("member_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name="fk_sent_files_business_id_businesses"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_sent_files_conversation_id_conversations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sent_files"),
    )
    op.create_index("ix_sent_files_conversation_id", "sent_files", ["conversation_id"])
