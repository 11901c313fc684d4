"""The tables of outgoing messages, what decided about them, and what providers reported."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import Id, Json, UtcDateTime, one_of

messages = sa.Table(
    "messages",
    metadata,
    # The id travels as biz_opaque_callback_data, so that a receipt finds its row even if the answer was lost.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    # The talk that it is part of; null on the channels on which nobody talks with us (email, SMS, in-app, webhook).
    sa.Column("conversation_id", Id, sa.ForeignKey("conversations.id")),
    # Whom it is for; null for a business's own webhook.
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id")),
    sa.Column("turn_id", Id, sa.ForeignKey("turns.id")),
    # The notification that it is part of, and its place in the plan (step.rung.part): never twice.
    sa.Column("notification_id", Id, sa.ForeignKey("notifications.id")),
    sa.Column("plan_key", sa.String(32)),
    # whatsapp, email, sms, inapp, webhook; guest: the page of somebody who tries the bot
    sa.Column("channel", sa.String(16), nullable=False),
    # critical, immediate, scheduled, bulk: so that a campaign delays nobody's courier
    sa.Column("lane", sa.String(16), nullable=False, server_default="immediate"),
    # Who delivers it, where a channel has several: the one that took it, or tried last.
    sa.Column("provider", sa.String(32)),
    # bot (what Rasa said), service (what the services said beside it), app or agent (what a human of the business
    # wrote, in the WhatsApp Business app or at the desk), push (a notification); Rasa is told of all but the first
    # later, as notes. webhook: told to the business's own system. erased: nothing is left but that it was
    sa.Column("origin", sa.String(16), nullable=False),
    # Who wrote it, of those who work at the desk; no reference, for they are kept elsewhere.
    sa.Column("author_id", Id),
    # transactional, or one that a person may decline (see `consent.CATEGORIES`)
    sa.Column("category", sa.String(16), nullable=False),
    # Which service text this is, so that it is not repeated within minutes.
    sa.Column("content_key", sa.String(32)),
    # The channel's own JSON of the message, without recipient.
    sa.Column("payload", Json, nullable=False),
    # What goes in its place on WhatsApp while the customer service window is closed: a template.
    sa.Column("template_payload", Json),
    # Which of the two left: free_form, template.
    sa.Column("sent_form", sa.String(16)),
    # Why that one, where there was a choice: as it was when it was first claimed.
    sa.Column("form_reason", sa.Text),
    # Its words as the person reads them, where the payload does not hold them: for the talk's history and Rasa's notes.
    sa.Column("said", sa.Text),
    # How the person may answer it, and what each answer means (see `workflows.ReplyContract`).
    sa.Column("reply_contract", Json),
    # The thread of one delivery or order: a later rank supersedes what has not left, and so many are sent at most.
    sa.Column("group_key", sa.Text),
    sa.Column("group_rank", sa.Integer),
    # It waits for the end of its person's quiet hours (see `quiet`); null: it goes at any hour.
    sa.Column("heeds_quiet", sa.Boolean),
    # Made with a test key: it never leaves the house.
    sa.Column("is_test", sa.Boolean, nullable=False, server_default=sa.false()),
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
    # When it first went to a provider (database clock): what the caps count.
    sa.Column("claimed_at", UtcDateTime),
    sa.Column("settled_at", UtcDateTime),
    # Engagement, the second axis beside status.
    sa.Column("seen_at", UtcDateTime),
    sa.Column("read_at", UtcDateTime),
    sa.Column("clicked_at", UtcDateTime),
    sa.Column("replied_at", UtcDateTime),
    sa.Column("archived_at", UtcDateTime),
    # Of a failed one: when somebody replayed or dropped it. Until then it is a dead letter.
    sa.Column("closed_at", UtcDateTime),
    sa.Column("replay_of", Id, sa.ForeignKey("messages.id")),
    # What it costs, in millionths of the currency: by the price book when it left, and with what a receipt told.
    sa.Column("estimated_cost", sa.BigInteger),
    sa.Column("actual_cost", sa.BigInteger),
    sa.Column("cost_currency", sa.String(3)),
    # What it is billed as: service, utility, marketing, authentication, sms; null on channels that cost nothing.
    sa.Column("price_category", sa.String(32)),
    # Meta's word for why it costs or not: regular, free_customer_service …
    sa.Column("price_type", sa.String(32)),
    # The price book's version when it left.
    sa.Column("price_book", sa.String(16)),
    sa.Index("uq_messages_plan", "notification_id", "plan_key", unique=True),
    sa.Index(
        "ix_messages_due",
        "lane",
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
        postgresql_where=sa.text("status IN ('queued') AND after_id IS NOT NULL"),
        sqlite_where=sa.text("status IN ('queued') AND after_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_messages_unnoted",
        "conversation_id",
        "id",
        postgresql_where=sa.text("NOT noted"),
        sqlite_where=sa.text("noted = 0"),
    ),
    sa.Index(
        "ix_messages_dead",
        "business_id",
        "id",
        postgresql_where=sa.text("status = 'failed' AND closed_at IS NULL"),
        sqlite_where=sa.text("status = 'failed' AND closed_at IS NULL"),
    ),
    sa.Index(
        "ix_messages_failed",
        "business_id",
        "id",
        postgresql_where=one_of("status", "failed"),
        sqlite_where=one_of("status", "failed"),
    ),
    # What was pushed to one person lately, and in one thread: the caps.
    sa.Index(
        "ix_messages_pushed",
        "subscriber_id",
        "claimed_at",
        postgresql_where=sa.text("origin = 'push' AND claimed_at IS NOT NULL"),
        sqlite_where=sa.text("origin = 'push' AND claimed_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_messages_group",
        "business_id",
        "group_key",
        postgresql_where=sa.text("group_key IS NOT NULL"),
        sqlite_where=sa.text("group_key IS NOT NULL"),
    ),
    sa.Index(
        "ix_messages_inapp",
        "subscriber_id",
        "id",
        postgresql_where=sa.text("channel = 'inapp'"),
        sqlite_where=sa.text("channel = 'inapp'"),
    ),
    sa.Index("ix_messages_business_id", "business_id", "id"),
    sa.Index("ix_messages_conversation_id", "conversation_id", "id"),
    sa.Index(
        "ix_messages_provider_message_id",
        "provider_message_id",
        postgresql_where=sa.text("provider_message_id IS NOT NULL"),
        sqlite_where=sa.text("provider_message_id IS NOT NULL"),
    ),
)

IS_QUEUED = one_of("messages.status", "queued")
IS_IN_FLIGHT = one_of("messages.status", "sending", "unknown")
IS_UNSETTLED = one_of("messages.status", "queued", "sending", "unknown")
HAS_FAILED = one_of("messages.status", "failed")
IS_DEAD = sa.text("messages.status = 'failed' AND messages.closed_at IS NULL")
IS_PUSHED = sa.text("messages.origin = 'push'")
IS_INAPP = sa.text("messages.channel = 'inapp'")
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
    sa.Column("provider", sa.String(32), nullable=False, server_default="whatsapp"),
    # The provider's own id of the report, where it has one: the same one again changes nothing.
    sa.Column("event_id", sa.Text),
    sa.Column("provider_message_id", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("reported_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("raw", Json, nullable=False),
    sa.UniqueConstraint("provider_message_id", "status", "recipient"),
    sa.Index("uq_receipts_event", "provider", "event_id", unique=True),
    sa.Index(None, "message_id"),
)
