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
    # bot (what Rasa said), service (what the services said beside it) or app (what a human of the business wrote in
    # the WhatsApp Business app); Rasa is told of the last two later, as notes. erased: nothing is left but that it was
    sa.Column("origin", sa.String(16), nullable=False),
    # transactional, or one that a person may decline (see `consent.CATEGORIES`)
    sa.Column("category", sa.String(16), nullable=False),
    # Which service text this is, so that it is not repeated within minutes.
    sa.Column("content_key", sa.String(32)),
    # WhatsApp's own JSON of the message, without recipient.
    sa.Column("payload", Json, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("after_id", Id, sa.ForeignKey("messages.id")),
    sa.Column("run_at", UtcDateTime, nullable=False),
    # The moment that the rates gave it: claimed then, it goes without asking them again.
    sa.Column("slot_at", UtcDateTime),
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
    # keyword: the person wrote a word such as STOP; chat: they told the assistant; whatsapp: they used WhatsApp's own
    # switch, or Meta told us with a send that it does not pass
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("inbound_message_id", Id, sa.ForeignKey("inbound_messages.id")),
    # The turn in which they told the assistant. No reference: the decision outlives the talk.
    sa.Column("turn_id", Id),
    sa.Column("decided_at", UtcDateTime, nullable=False),
    sa.Index("ix_consents_newest", "subscriber_id", "category", "channel", "id"),
    sa.Index("uq_consents_turn", "turn_id", "category", "channel", unique=True),
)

uploaded_media = sa.Table(
    "uploaded_media",
    metadata,
    # Files that were uploaded to WhatsApp once and are sent by id until that expires.
    sa.Column("phone_number_id", sa.String(64), sa.ForeignKey("phone_numbers.phone_number_id"), primary_key=True),
    # SHA-256, in hex, of what it is sent as and the link it came from.
    sa.Column("source", sa.String(64), primary_key=True),
    business_column(),
    sa.Column("media_id", sa.Text, nullable=False),
    sa.Column("mime_type", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    # What the web server said of this version of the file, to ask whether it has changed.
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    # SHA-256, in hex, of what was uploaded: the same file need not be uploaded again.
    sa.Column("content_sha256", sa.String(64), nullable=False),
    sa.Column("uploaded_at", UtcDateTime, nullable=False),
    sa.Column("checked_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)

number_stops = sa.Table(
    "number_stops",
    metadata,
    # Numbers from which nothing is sent now, since Meta refuses it: the circuit breaker. The row is the alert, too.
    sa.Column("phone_number_id", sa.String(64), sa.ForeignKey("phone_numbers.phone_number_id"), primary_key=True),
    # everything, or marketing alone
    sa.Column("scope", sa.String(16), primary_key=True),
    business_column(),
    sa.Column("error_code", sa.Integer),
    sa.Column("reason", sa.Text, nullable=False),
    # Meta said yes to the message and no later, in a receipt: then only a receipt shows that it passes again.
    sa.Column("needs_receipt", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("stopped_at", UtcDateTime, nullable=False),
    # When one message may try whether it passes again (database clock).
    sa.Column("probe_at", UtcDateTime, nullable=False),
    sa.Column("probes", sa.Integer, nullable=False, server_default="0"),
)

templates = sa.Table(
    "templates",
    metadata,
    # What Meta has of the templates of an account, as its webhooks and our polls told.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("waba_id", sa.String(64), nullable=False),
    sa.Column("name", sa.String(512), nullable=False),
    sa.Column("language", sa.String(16), nullable=False),
    sa.Column("category", sa.String(32), nullable=False),
    # APPROVED, PENDING, REJECTED, PAUSED, DISABLED …: Meta's own words
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("quality", sa.String(16)),
    sa.Column("reason", sa.Text),
    # The category it was made with, where Meta moved it to another.
    sa.Column("intended_category", sa.String(32)),
    # Until when Meta said that it pauses it.
    sa.Column("paused_until", UtcDateTime),
    # The template that goes instead while this one may not, as its file says.
    sa.Column("alternate", sa.String(512)),
    sa.Column("components", Json),
    sa.Column("parameter_format", sa.String(16)),
    sa.Column("meta_id", sa.String(64)),
    # When its status last changed.
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("checked_at", UtcDateTime),
    # Businesses may share an account; each then has rows of its own.
    sa.UniqueConstraint("business_id", "waba_id", "name", "language"),
)

number_health = sa.Table(
    "number_health",
    metadata,
    # How Meta sees each number of ours, as its webhooks and our polls told.
    sa.Column("phone_number_id", sa.String(64), sa.ForeignKey("phone_numbers.phone_number_id"), primary_key=True),
    business_column(),
    # GREEN, YELLOW, RED, UNKNOWN
    sa.Column("quality", sa.String(16)),
    # CONNECTED, FLAGGED, RESTRICTED, BANNED …
    sa.Column("status", sa.String(32)),
    # STANDARD, HIGH
    sa.Column("throughput", sa.String(32)),
    # TIER_250, TIER_2K … TIER_UNLIMITED
    sa.Column("messaging_limit", sa.String(32)),
    sa.Column("name_status", sa.String(64)),
    # Whether a person also uses the number in the WhatsApp Business app.
    sa.Column("is_on_app", sa.Boolean),
    sa.Column("details", Json, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("checked_at", UtcDateTime),
    # When it is next asked about (database clock).
    sa.Column("check_at", UtcDateTime, nullable=False),
)
