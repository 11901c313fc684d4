"""Guests try the bot by links: their talks are on a number that stands for their page."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every number of before is one of WhatsApp's."""
    op.add_column("phone_numbers", sa.Column("channel", sa.String(16), nullable=False, server_default="whatsapp"))
    op.create_table(
        "guest_links",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("most_guests", sa.Integer(), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_guest_links_business_id_businesses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guest_links_token_hash")),
    )
    op.create_index(op.f("ix_guest_links_business_id_id"), "guest_links", ["business_id", "id"])
    op.create_table(
        "guests",
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("forget_at", UtcDateTime, nullable=False),
        sa.Column("asked_to_forget", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_guests_business_id_businesses")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_guests_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["guest_links.id"], name=op.f("fk_guests_link_id_guest_links")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_guests")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_guests_secret_hash")),
    )
    op.create_index(op.f("ix_guests_link_id"), "guests", ["link_id"])
    op.create_index(
        "ix_guests_forget",
        "guests",
        ["forget_at"],
        postgresql_where=sa.text("NOT asked_to_forget"),
        sqlite_where=sa.text("asked_to_forget = 0"),
    )
