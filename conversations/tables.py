"""The tables of two-way talk: what arrived, its turns, and the buttons that were offered."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import Id, Json, UtcDateTime, one_of

inbound_messages = sa.Table(
    "inbound_messages",
    metadata,
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id")),
    sa.Column("phone_number_id", sa.String(64), nullable=False),
    sa.Column("wamid", sa.Text, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("raw", Json, nullable=False),
    sa.Column("sent_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("phone_number_id", "wamid"),
    sa.Index(None, "conversation_id"),
)

channel_events = sa.Table(
    "channel_events",
    metadata,
    # What a webhook brought that is neither a message of ours nor a status: kept raw, for later understanding.
    sa.Column("id", Id, primary_key=True),
    sa.Column("business_id", Id, sa.ForeignKey("businesses.id")),
    sa.Column("phone_number_id", sa.String(64)),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("problem", sa.Text),
    sa.Column("raw", Json, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("inbound_message_id", Id, sa.ForeignKey("inbound_messages.id"), nullable=False, unique=True),
    # What the bot or the services are to answer: see conversations.turn_input.
    sa.Column("input", Json, nullable=False),
    # waiting, running, done, parked (given up, see `error`), summed_up (too old at recovery)
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text),
    # The person's order: WhatsApp's timestamp, then arrival (the id).
    sa.Column("sent_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("started_at", UtcDateTime),
    sa.Column("finished_at", UtcDateTime),
    sa.Index(
        "uq_turns_one_running",
        "conversation_id",
        unique=True,
        postgresql_where=one_of("status", "running"),
        sqlite_where=one_of("status", "running"),
    ),
    sa.Index(
        "ix_turns_open",
        "conversation_id",
        "sent_at",
        "id",
        postgresql_where=one_of("status", "waiting", "running"),
        sqlite_where=one_of("status", "waiting", "running"),
    ),
)

TURN_IS_OPEN = one_of("turns.status", "waiting", "running")
"""The condition of ix_turns_open, for queries."""

turn_events = sa.Table(
    "turn_events",
    metadata,
    sa.Column("turn_id", Id, sa.ForeignKey("turns.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    business_column(),
    sa.Column("event", Json, nullable=False),
)

reply_tokens = sa.Table(
    "reply_tokens",
    metadata,
    # What a button or list row means, known to us alone: the wire carries only the token.
    sa.Column("token", sa.String(32), primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("intent", sa.Text, nullable=False),
    sa.Column("entities", Json, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Index(None, "expires_at"),
)
