"""Notifications: workflows and their plans, keys, topics, caps, and messages on every channel."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _workflows()
    _keys()
    _broadcasts()
    _notifications()
    _digests()
    _messages()
    _receipts()


def _people() -> None:
    op.add_column("subscribers", sa.Column("timezone", sa.Text(), nullable=True))
    op.add_column("subscribers", sa.Column("external_id", sa.String(length=255), nullable=True))
    op.add_column("subscribers", sa.Column("attributes", Json, nullable=True))
    op.create_index("uq_subscribers_external_id", "subscribers", ["business_id", "external_id"], unique=True)


def _workflows() -> None:
    op.create_table(
        "workflow_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        _business("workflow_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_versions")),
        sa.UniqueConstraint("business_id", "key", "version", name=op.f("uq_workflow_versions_business_id_key_version")),
    )
    op.create_table(
        "topics",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        _business("topics"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("business_id", "key", name=op.f("uq_topics_business_id_key")),
    )


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(length=24), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("is_test", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=True),
        sa.Column("revoked_at", UtcDateTime, nullable=True),
        sa.Column("last_used_at", UtcDateTime, nullable=True),
        _business("api_keys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_keys_secret_hash")),
    )
    op.create_index(op.f("ix_api_keys_business_id"), "api_keys", ["business_id"])
    op.create_table(
        "idempotency_keys",
        sa.Column("business_id", Id, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("body", Json, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        _business("idempotency_keys"),
        sa.PrimaryKeyConstraint("business_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_expires_at"), "idempotency_keys", ["expires_at"])
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", Json, nullable=False),
        sa.Column("secret_generation", sa.Integer(), server_default="1", nullable=False),
        sa.Column("previous_until", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("disabled_at", UtcDateTime, nullable=True),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        _business("webhook_endpoints"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index(op.f("ix_webhook_endpoints_business_id"), "webhook_endpoints", ["business_id"])


def _broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("topic_id", Id, nullable=False),
        sa.Column("version_id", Id, nullable=False),
        sa.Column("trigger", Json, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("after_id", Id, nullable=True),
        sa.Column("reached", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", UtcDateTime, nullable=True),
        sa.Column("lease_until", UtcDateTime, nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_test", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime, nullable=True),
        _business("broadcasts"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_broadcasts_topic_id_topics")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["workflow_versions.id"], name=op.f("fk_broadcasts_version_id_workflow_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    op.create_index(
        "ix_broadcasts_due",
        "broadcasts",
        ["next_at"],
        postgresql_where=sa.text("state IN ('running')"),
        sqlite_where=sa.text("state IN ('running')"),
    )
    op.create_table(
        "topic_members",
        sa.Column("topic_id", Id, nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("joined_at", UtcDateTime, nullable=False),
        _business("topic_members"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_topic_members_subscriber_id_subscribers")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_topic_members_topic_id_topics")),
        sa.PrimaryKeyConstraint("topic_id", "subscriber_id", name=op.f("pk_topic_members")),
    )
    op.create_index(op.f("ix_topic_members_subscriber_id"), "topic_members", ["subscriber_id"])
    op.create_table(
        "backend_events",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("occurred_at", UtcDateTime, nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("outcome", Json, nullable=False),
        _business("backend_events"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backend_events")),
        sa.UniqueConstraint("business_id", "event_id", name=op.f("uq_backend_events_business_id_event_id")),
    )


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("version_id", Id, nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("trigger_id", Id, nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("api_key_id", Id, nullable=True),
        sa.Column("broadcast_id", Id, nullable=True),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("routing", Json, nullable=True),
        sa.Column("anchor", Json, nullable=True),
        sa.Column("cancellation_key", sa.Text(), nullable=True),
        sa.Column("group_key", sa.Text(), nullable=True),
        sa.Column("group_rank", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("progress", Json, nullable=False),
        sa.Column("next_at", UtcDateTime, nullable=True),
        sa.Column("lease_until", UtcDateTime, nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("is_test", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name=op.f("fk_notifications_api_key_id_api_keys")),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name=op.f("fk_notifications_broadcast_id_broadcasts")
        ),
        _business("notifications"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_notifications_subscriber_id_subscribers")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["workflow_versions.id"], name=op.f("fk_notifications_version_id_workflow_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index("ix_notifications_business_id", "notifications", ["business_id", "id"])
    op.create_index(
        "ix_notifications_cancellable",
        "notifications",
        ["business_id", "cancellation_key"],
        postgresql_where=sa.text("cancellation_key IS NOT NULL"),
        sqlite_where=sa.text("cancellation_key IS NOT NULL"),
    )
    op.create_index(
        "ix_notifications_due",
        "notifications",
        ["next_at", "id"],
        postgresql_where=sa.text("state IN ('active')"),
        sqlite_where=sa.text("state IN ('active')"),
    )
    op.create_index(
        "ix_notifications_group",
        "notifications",
        ["business_id", "group_key"],
        postgresql_where=sa.text("group_key IS NOT NULL"),
        sqlite_where=sa.text("group_key IS NOT NULL"),
    )
    op.create_index("ix_notifications_subscriber_id", "notifications", ["subscriber_id", "id"])
    op.create_index("ix_notifications_trigger_id", "notifications", ["trigger_id"])
    op.create_table(
        "notification_decisions",
        sa.Column("notification_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        _business("notification_decisions"),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name=op.f("fk_notification_decisions_notification_id_notifications"),
        ),
        sa.PrimaryKeyConstraint("notification_id", "id", name=op.f("pk_notification_decisions")),
    )


def _digests() -> None:
    op.create_table(
        "digest_buckets",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("workflow", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("digest_key", sa.Text(), nullable=False),
        sa.Column("notification_id", Id, nullable=False),
        sa.Column("closes_at", UtcDateTime, nullable=False),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        _business("digest_buckets"),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notifications.id"], name=op.f("fk_digest_buckets_notification_id_notifications")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_digest_buckets_subscriber_id_subscribers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_buckets")),
    )
    op.create_index(
        "uq_digest_buckets_open",
        "digest_buckets",
        ["business_id", "workflow", "position", "subscriber_id", "digest_key"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "digest_items",
        sa.Column("bucket_id", Id, nullable=False),
        sa.Column("notification_id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["bucket_id"], ["digest_buckets.id"], name=op.f("fk_digest_items_bucket_id_digest_buckets")
        ),
        _business("digest_items"),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notifications.id"], name=op.f("fk_digest_items_notification_id_notifications")
        ),
        sa.PrimaryKeyConstraint("bucket_id", "notification_id", name=op.f("pk_digest_items")),
    )
    op.create_index(op.f("ix_digest_items_notification_id"), "digest_items", ["notification_id"])


def _messages() -> None:
    _loosen_conversation()
    for name, table in (
        ("subscriber_id", "subscribers"),
        ("notification_id", "notifications"),
        ("replay_of", "messages"),
    ):
        column = sa.Column(
            name, Id, sa.ForeignKey(f"{table}.id", name=op.f(f"fk_messages_{name}_{table}")), nullable=True
        )
        # With its reference in the same statement, so that SQLite need not copy the table.
        op.add_column("messages", column, inline_references=True)
    rest: tuple[sa.Column[Any], ...] = (
        sa.Column("plan_key", sa.String(length=32), nullable=True),
        sa.Column("lane", sa.String(length=16), server_default="immediate", nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=True),
        sa.Column("template_payload", Json, nullable=True),
        sa.Column("sent_form", sa.String(length=16), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("reply_contract", Json, nullable=True),
        sa.Column("group_key", sa.Text(), nullable=True),
        sa.Column("group_rank", sa.Integer(), nullable=True),
        sa.Column("is_test", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    for each in rest:
        op.add_column("messages", each)
    for name in ("claimed", "seen", "read", "clicked", "replied", "archived", "closed"):
        op.add_column("messages", sa.Column(f"{name}_at", UtcDateTime, nullable=True))
    op.execute(
        "UPDATE messages SET subscriber_id = "
        "(SELECT subscriber_id FROM conversations WHERE conversations.id = messages.conversation_id)"
    )
    _message_indexes()


def _loosen_conversation() -> None:
    """Messages on other channels are part of no talk."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.alter_column("messages", "conversation_id", existing_type=Id, nullable=True)
        return
    # SQLite's own procedure for a constraint that concerns no content (its documentation, ALTER TABLE, section 7):
    # copying the table would drop it, and other tables point at it.
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, 'conversation_id CHAR(32) NOT NULL', 'conversation_id CHAR(32)') "
        "WHERE type = 'table' AND name = 'messages'"
    )
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")


def _message_indexes() -> None:
    op.drop_index("ix_messages_due", table_name="messages")
    partial = {
        "ix_messages_due": (["lane", "run_at", "id"], "status IN ('queued')"),
        "ix_messages_dead": (["business_id", "id"], "status = 'failed' AND closed_at IS NULL"),
        "ix_messages_group": (["business_id", "group_key"], "group_key IS NOT NULL"),
        "ix_messages_inapp": (["subscriber_id", "id"], "channel = 'inapp'"),
        "ix_messages_pushed": (["subscriber_id", "claimed_at"], "origin = 'push'"),
    }
    for name, (columns, condition) in partial.items():
        where = sa.text(condition)
        op.create_index(name, "messages", columns, postgresql_where=where, sqlite_where=where)
    op.create_index("ix_messages_business_id", "messages", ["business_id", "id"])
    op.create_index("uq_messages_plan", "messages", ["notification_id", "plan_key"], unique=True)


def _receipts() -> None:
    provider = sa.Column("provider", sa.String(length=32), server_default="whatsapp", nullable=False)
    op.add_column("receipts", provider)
    op.add_column("receipts", sa.Column("event_id", sa.Text(), nullable=True))
    op.create_index("uq_receipts_event", "receipts", ["provider", "event_id"], unique=True)


def _business(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f(f"fk_{table}_business_id_businesses"))
