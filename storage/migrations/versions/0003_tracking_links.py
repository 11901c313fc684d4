"""Links by which people show a delivery to others."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tracking_links",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_tracking_links_business_id_businesses")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_tracking_links_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_tracking_links")),
    )
    op.create_index(op.f("ix_tracking_links_conversation_id_code"), "tracking_links", ["conversation_id", "code"])
    op.create_index(op.f("ix_tracking_links_expires_at"), "tracking_links", ["expires_at"])
