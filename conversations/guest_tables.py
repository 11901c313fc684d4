"""The tables of guests: links by which people try the bot, and who came by them."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import Id, UtcDateTime

guest_links = sa.Table(
    "guest_links",
    metadata,
    # The secret in the address is shown once and kept as a hash.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    # How many may come by it, and how many came: who was forgotten counts on.
    sa.Column("most_guests", sa.Integer, nullable=False),
    sa.Column("guests", sa.Integer, nullable=False, server_default="0"),
    # Who of the desk made it, by name; no reference, for they are kept elsewhere.
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    # When somebody ended it before its time.
    sa.Column("ended_at", UtcDateTime),
    sa.Index(None, "business_id", "id"),
)

guests = sa.Table(
    "guests",
    metadata,
    # One for each browser that came by a link and said something; gone when the guest is forgotten.
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), primary_key=True),
    business_column(),
    sa.Column("link_id", Id, sa.ForeignKey("guest_links.id"), nullable=False),
    # Of the secret in their cookie.
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # When all of them is forgotten.
    sa.Column("forget_at", UtcDateTime, nullable=False),
    sa.Column("asked_to_forget", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index(None, "link_id"),
    sa.Index(
        "ix_guests_forget",
        "forget_at",
        postgresql_where=sa.text("NOT asked_to_forget"),
        sqlite_where=sa.text("asked_to_forget = 0"),
    ),
)
