"""What is kept of WhatsApp beside messages: uploads, stopped numbers, templates, and how Meta sees our numbers."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import Id, Json, UtcDateTime

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
