"""The tables of those who push: their keys, the requests they may repeat, and where they are told what came of it."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import Id, Json, UtcDateTime

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("name", sa.Text, nullable=False),
    # The part that people may see, to tell keys apart.
    sa.Column("prefix", sa.String(24), nullable=False),
    # SHA-256, in hex: the key itself is shown once and kept nowhere. It is random enough to need no salt.
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("scopes", Json, nullable=False),
    # What is made with it never leaves the house.
    sa.Column("is_test", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("last_used_at", UtcDateTime),
    sa.Index(None, "business_id"),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    # What was answered to a request, so that it may be sent again.
    sa.Column("business_id", Id, sa.ForeignKey("businesses.id"), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    # SHA-256, in hex, of method, path and body.
    sa.Column("request_hash", sa.String(64), nullable=False),
    # Null while the first request is still at work.
    sa.Column("status_code", sa.Integer),
    sa.Column("body", Json),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Index(None, "expires_at"),
)

webhook_endpoints = sa.Table(
    "webhook_endpoints",
    metadata,
    # Where a business is told what became of its messages. Secrets are derived from the server's, not kept.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("url", sa.Text, nullable=False),
    # Types that it wants, such as message.delivered; empty: all.
    sa.Column("events", Json, nullable=False),
    # Rises when the secret is changed; the one before is also signed with until then.
    sa.Column("secret_generation", sa.Integer, nullable=False, server_default="1"),
    sa.Column("previous_until", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("disabled_at", UtcDateTime),
    sa.Column("disabled_reason", sa.Text),
    sa.Index(None, "business_id"),
)
