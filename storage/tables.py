"""The tables that both sides of the house share: businesses, their numbers, people, and their conversations."""

import sqlalchemy as sa

from storage.types import Id, Json, UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def business_column() -> sa.Column[str]:
    """The business a row belongs to: every table carries it (null only where a webhook concerns none of ours)."""
    return sa.Column("business_id", Id, sa.ForeignKey("businesses.id"), nullable=False)


businesses = sa.Table(
    "businesses",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("slug", sa.String(63), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("default_language", sa.String(8), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("support_number", sa.Text),
    sa.Column("hours", Json, nullable=False),
    # The pages that may show its people's inboxes (docs/inapp.md); null and [] mean none.
    sa.Column("inbox_origins", Json),
    # When people are let rest: {times: {days: span}, categories: […]}; null means never.
    sa.Column("quiet_hours", Json),
)

phone_numbers = sa.Table(
    "phone_numbers",
    metadata,
    sa.Column("phone_number_id", sa.String(64), primary_key=True),
    business_column(),
    sa.Column("display_number", sa.Text, nullable=False),
    # The WhatsApp Business Account the number is part of: templates and account news carry it.
    sa.Column("waba_id", sa.String(64)),
    # whatsapp; guest: it stands for the page on which a business's guests try the bot (see channels.guest)
    sa.Column("channel", sa.String(16), nullable=False, server_default="whatsapp"),
    sa.Index(None, "waba_id"),
)

subscribers = sa.Table(
    "subscribers",
    metadata,
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("locale", sa.String(8)),
    # Where it is not the business's own.
    sa.Column("timezone", sa.Text),
    # How the business's own system calls them.
    sa.Column("external_id", sa.String(255)),
    # How often their inbox tokens were taken back: those of before open nothing.
    sa.Column("inbox_round", sa.Integer, nullable=False, server_default="0"),
    # What the business told of them, for contents and conditions.
    sa.Column("attributes", Json),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # Two that turned out to be one person: this row is kept for what names it, and nothing new is added to it.
    sa.Column("merged_into", Id, sa.ForeignKey("subscribers.id")),
    sa.Index(None, "business_id"),
    sa.Index("uq_subscribers_external_id", "business_id", "external_id", unique=True),
)

addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), nullable=False),
    # phone (E.164), whatsapp (wa_id), bsuid, parent_bsuid, email; guests have none
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.UniqueConstraint("business_id", "kind", "value"),
    sa.Index(None, "subscriber_id"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    # The id is also the opaque sender id that Rasa sees.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("phone_number_id", sa.String(64), sa.ForeignKey("phone_numbers.phone_number_id"), nullable=False),
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), nullable=False),
    sa.Column("last_inbound_at", UtcDateTime),
    # When the conversation next wants a worker (database clock); null when no turn waits.
    sa.Column("next_turn_at", UtcDateTime),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("lease_owner", sa.Text),
    # Rises at every claim: a worker that outlived its lease no longer matches, and its result is dropped.
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    # Where the talk goes on after two subscribers became one.
    sa.Column("merged_into", Id, sa.ForeignKey("conversations.id")),
    # Who answers what the person writes: bot, human (see conversations.handoffs).
    sa.Column("answered_by", sa.String(8), nullable=False, server_default="bot"),
    # When "one moment" was said since the bot last answered here; null when it was not.
    sa.Column("moment_said_at", UtcDateTime),
    sa.UniqueConstraint("phone_number_id", "subscriber_id"),
    sa.Index(None, "subscriber_id"),
    sa.Index(
        "ix_conversations_due",
        "next_turn_at",
        postgresql_where=sa.text("next_turn_at IS NOT NULL"),
        sqlite_where=sa.text("next_turn_at IS NOT NULL"),
    ),
)
