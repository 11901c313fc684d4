"""The tables of outgoing messages, what decided about them, what providers reported, and consent."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import Id, Json, UtcDateTime, one_of

messages = sa.Table(
    "messages",
    metadata,
    # The id travels as biz_opaque_callback_data, so that a receipt finds its row even if the answer was lost.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("turn_id", Id, sa.ForeignKey("turns.id")),
    sa.Column("channel", sa.String(16), nullable=False),
    # bot (what Rasa said) or service (what the services said beside it, told to Rasa later as a note)
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("category", sa.String(16), nullable=False),
    # Which service text this is, so that it is not repeated within minutes.
    sa.Column("content_key", sa.String(32)),
    # WhatsApp's own JSON of the message, without recipient.
    sa.Column("payload", Json, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("after_id", Id, sa.ForeignKey("messages.id")),
    sa.Column("run_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("lease_until", UtcDateTime),
    # Rises at every claim and fences the settling.
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("resends", sa.Integer, nullable=False, server_default="0"),
    sa.Column("provider_message_id", sa.Text),
    sa.Column("error_code", sa.Integer),
    sa.Column("error", sa.Text),
    # Whether Rasa knows of it: what the bot said, it knows.
    sa.Column("noted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("settled_at", UtcDateTime),
    sa.Index(
        "ix_messages_due",
        "run_at",
        "id",
        postgresql_where=one_of("status", "queued"),
        sqlite_where=one_of("status", "queued"),
    ),
    sa.Index(
        "ix_messages_in_flight",
        "lease_until",
        postgresql_where=one_of("status", "sending", "unknown"),
        sqlite_where=one_of("status", "sending", "unknown"),
    ),
    sa.Index(
        "ix_messages_unsettled",
        "conversation_id",
        "id",
        postgresql_where=one_of("status", "queued", "sending", "unknown"),
        sqlite_where=one_of("status", "queued", "sending", "unknown"),
    ),
    sa.Index(
        "ix_messages_followers",
        "after_id",
        postgresql_where=one_of("status", "queued"),
        sqlite_where=one_of("status", "queued"),
    ),
    sa.Index(
        "ix_messages_unnoted",
        "conversation_id",
        "id",
        postgresql_where=sa.text("NOT noted"),
        sqlite_where=sa.text("noted = 0"),
    ),
    sa.Index("ix_messages_conversation_id", "conversation_id", "id"),
    sa.Index("ix_messages_provider_message_id", "provider_message_id"),
)

IS_QUEUED = one_of("messages.status", "queued")
IS_IN_FLIGHT = one_of("messages.status", "sending", "unknown")
IS_UNSETTLED = one_of("messages.status", "queued", "sending", "unknown")
"""The conditions of the partial indexes, for queries."""

message_decisions = sa.Table(
    "message_decisions",
    metadata,
    # Why a message went, waits, or did not go: words a person can read, in order.
    sa.Column("message_id", Id, sa.ForeignKey("messages.id"), primary_key=True),
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=False),
)

receipts = sa.Table(
    "receipts",
    metadata,
    # Providers' reports, append-only.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("message_id", Id, sa.ForeignKey("messages.id")),
    sa.Column("provider_message_id", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("reported_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("raw", Json, nullable=False),
    sa.UniqueConstraint("provider_message_id", "status", "recipient"),
    sa.Index(None, "message_id"),
)

consents = sa.Table(
    "consents",
    metadata,
    # Append-only: the newest row per subscriber, category and channel counts.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), nullable=False),
    sa.Column("category", sa.String(16), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("granted", sa.Boolean, nullable=False),
    # keyword: the person wrote a word such as STOP
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("inbound_message_id", Id, sa.ForeignKey("inbound_messages.id")),
    sa.Column("decided_at", UtcDateTime, nullable=False),
    sa.Index("ix_consents_newest", "subscriber_id", "category", "channel", "id"),
)
