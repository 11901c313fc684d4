"""The tables of those who answer in the assistant's place: answers they keep, who looks at a talk, files they send."""

import sqlalchemy as sa

from storage.references import WHEN_JOINED, Yields
from storage.tables import business_column, metadata
from storage.types import Id, Json, UtcDateTime

canned_answers = sa.Table(
    "canned_answers",
    metadata,
    # What is said again and again: found by its shortcut, in the person's language, with placeholders to fill in.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("shortcut", sa.String(32), nullable=False),
    # By language: {"fr": "…", "en": "…"}; one of the two at least.
    sa.Column("texts", Json, nullable=False),
    # Who of the desk wrote it last; no reference, for they are kept elsewhere.
    sa.Column("written_by", Id),
    sa.Column("written_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("business_id", "shortcut"),
)

talk_watchers = sa.Table(
    "talk_watchers",
    metadata,
    # Who has the page of a talk open: said again every few seconds, and true for a few more.
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("member_id", Id, primary_key=True),
    business_column(),
    # Both by the database's clock.
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("typed_at", UtcDateTime),
    info={WHEN_JOINED: Yields(same=("member_id",))},
)

sent_files = sa.Table(
    "sent_files",
    metadata,
    # Files that agents send from the desk, kept in our own storage; the outbox's worker brings them to WhatsApp.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("member_id", Id, nullable=False),
    # image, video, audio, document
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("mime_type", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("storage_key", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index(None, "conversation_id"),
)
