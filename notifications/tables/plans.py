"""The tables of notifications: one trigger of one workflow for one subscriber, its plan, and what set it off."""

import sqlalchemy as sa

from storage.references import WHEN_JOINED, Yields
from storage.tables import business_column, metadata
from storage.types import Id, Json, UtcDateTime, one_of

workflow_versions = sa.Table(
    "workflow_versions",
    metadata,
    # Each version of a workflow that ever set something off: what waits is finished as it was begun.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("key", sa.String(64), nullable=False),
    # A digest of the definition.
    sa.Column("version", sa.String(16), nullable=False),
    sa.Column("definition", Json, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("business_id", "key", "version"),
)

notifications = sa.Table(
    "notifications",
    metadata,
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("version_id", Id, sa.ForeignKey("workflow_versions.id"), nullable=False),
    sa.Column("workflow", sa.String(64), nullable=False),
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), nullable=False),
    # The request that it is of: one request may set off several.
    sa.Column("trigger_id", Id, nullable=False),
    # api, event, broadcast, bot, test
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("api_key_id", Id, sa.ForeignKey("api_keys.id")),
    sa.Column("broadcast_id", Id, sa.ForeignKey("broadcasts.id")),
    sa.Column("category", sa.String(16), nullable=False),
    sa.Column("lane", sa.String(16), nullable=False),
    sa.Column("payload", Json, nullable=False),
    # Channels that the trigger wishes in place of the workflow's own (see `workflows.Ladder`).
    sa.Column("routing", Json),
    # What it hangs on, such as an appointment: type, id, starts_at, timezone, revision.
    sa.Column("anchor", Json),
    sa.Column("cancellation_key", sa.Text),
    sa.Column("group_key", sa.Text),
    sa.Column("group_rank", sa.Integer),
    # active, done, cancelled, superseded, expired, failed, merged (into a digest)
    sa.Column("state", sa.String(16), nullable=False),
    # The step of the plan that is next, and what it needs to know of itself, such as the rung of a ladder.
    sa.Column("position", sa.Integer, nullable=False, server_default="0"),
    sa.Column("progress", Json, nullable=False),
    # When the plan goes on (database clock); null while it waits for news of a message.
    sa.Column("next_at", UtcDateTime),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text),
    sa.Column("is_test", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Index(
        "ix_notifications_due",
        "next_at",
        "id",
        postgresql_where=one_of("state", "active"),
        sqlite_where=one_of("state", "active"),
    ),
    sa.Index(
        "ix_notifications_cancellable",
        "business_id",
        "cancellation_key",
        postgresql_where=sa.text("cancellation_key IS NOT NULL"),
        sqlite_where=sa.text("cancellation_key IS NOT NULL"),
    ),
    sa.Index(
        "ix_notifications_group",
        "business_id",
        "group_key",
        postgresql_where=sa.text("group_key IS NOT NULL"),
        sqlite_where=sa.text("group_key IS NOT NULL"),
    ),
    # Most end as done: those that did not are found without reading past the others.
    sa.Index(
        "ix_notifications_astray",
        "state",
        "id",
        postgresql_where=one_of("state", "cancelled", "superseded", "expired", "failed", "merged"),
        sqlite_where=one_of("state", "cancelled", "superseded", "expired", "failed", "merged"),
    ),
    # What is planned, by business and day; with all that is counted, and with the state, which SQLite would look up
    # in the row else: no row is read for it.
    sa.Index(
        "ix_notifications_planned",
        "business_id",
        "next_at",
        "id",
        "workflow",
        "category",
        "state",
        postgresql_where=one_of("state", "active"),
        sqlite_where=one_of("state", "active"),
    ),
    # The same of those that quiet hours hold (see `walk`).
    sa.Index(
        "ix_notifications_resting",
        "business_id",
        "next_at",
        "id",
        postgresql_where=sa.text("state IN ('active') AND (progress -> 'quiet') IS NOT NULL"),
        sqlite_where=sa.text("state IN ('active') AND (progress -> 'quiet') IS NOT NULL"),
    ),
    sa.Index("ix_notifications_subscriber_id", "subscriber_id", "id"),
    sa.Index("ix_notifications_business_id", "business_id", "id"),
    sa.Index("ix_notifications_trigger_id", "trigger_id"),
)

NOTIFICATION_IS_ACTIVE = one_of("notifications.state", "active")
"""The condition of ix_notifications_due and ix_notifications_planned, for queries."""

NOTIFICATION_RESTS = sa.text("notifications.state IN ('active') AND (notifications.progress -> 'quiet') IS NOT NULL")
"""The condition of ix_notifications_resting, for queries."""

NOTIFICATION_WENT_ASTRAY = one_of("notifications.state", "cancelled", "superseded", "expired", "failed", "merged")
"""The condition of ix_notifications_astray, for queries."""

notification_decisions = sa.Table(
    "notification_decisions",
    metadata,
    # Why a plan went on, waits or ended: words a person can read, in order.
    sa.Column("notification_id", Id, sa.ForeignKey("notifications.id"), primary_key=True),
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=False),
)

digest_buckets = sa.Table(
    "digest_buckets",
    metadata,
    # Notifications that become one: at most one open bucket for each workflow, step, person and key.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("workflow", sa.String(64), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), nullable=False),
    sa.Column("digest_key", sa.Text, nullable=False),
    # The notification that goes on for all of them.
    sa.Column("notification_id", Id, sa.ForeignKey("notifications.id"), nullable=False),
    sa.Column("closes_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.Index(
        "uq_digest_buckets_open",
        "business_id",
        "workflow",
        "position",
        "subscriber_id",
        "digest_key",
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    ),
    # Which buckets a notification goes on for, that is taken back.
    sa.Index(
        "ix_digest_buckets_led",
        "notification_id",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    ),
    # Of two people who become one: what gathered for one of them goes on by itself, and is told when it was to be.
    info={WHEN_JOINED: Yields(("business_id", "workflow", "position", "digest_key"), closing="closed_at")},
)

digest_items = sa.Table(
    "digest_items",
    metadata,
    sa.Column("bucket_id", Id, sa.ForeignKey("digest_buckets.id"), primary_key=True),
    sa.Column("notification_id", Id, sa.ForeignKey("notifications.id"), primary_key=True),
    business_column(),
    sa.Index(None, "notification_id"),
)

topics = sa.Table(
    "topics",
    metadata,
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("key", sa.String(128), nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("business_id", "key"),
)

topic_members = sa.Table(
    "topic_members",
    metadata,
    sa.Column("topic_id", Id, sa.ForeignKey("topics.id"), primary_key=True),
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), primary_key=True),
    business_column(),
    sa.Column("joined_at", UtcDateTime, nullable=False),
    sa.Index(None, "subscriber_id"),
    info={WHEN_JOINED: Yields(("topic_id",))},
)

broadcasts = sa.Table(
    "broadcasts",
    metadata,
    # One thing said to all members of a topic, a batch at a time.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("topic_id", Id, sa.ForeignKey("topics.id"), nullable=False),
    sa.Column("version_id", Id, sa.ForeignKey("workflow_versions.id"), nullable=False),
    sa.Column("trigger", Json, nullable=False),
    # running, done, cancelled
    sa.Column("state", sa.String(16), nullable=False),
    # The last member that it was set off for; members are taken in the order of their ids.
    sa.Column("after_id", Id),
    sa.Column("reached", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", UtcDateTime),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("is_test", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Index(
        "ix_broadcasts_due",
        "next_at",
        postgresql_where=one_of("state", "running"),
        sqlite_where=one_of("state", "running"),
    ),
)

backend_events = sa.Table(
    "backend_events",
    metadata,
    # What businesses' own systems told us, once each.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    # Theirs: the same one again changes nothing.
    sa.Column("event_id", sa.String(255), nullable=False),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    # What it set off, or why nothing.
    sa.Column("outcome", Json, nullable=False),
    sa.UniqueConstraint("business_id", "event_id"),
)
