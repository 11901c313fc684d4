"""The whole Cloud API: media in and out, templates, the health of numbers, people with several names."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("slot_at", UtcDateTime, nullable=True))
    _people()
    _arriving()
    _media()
    _account()


def _people() -> None:
    op.add_column("phone_numbers", sa.Column("waba_id", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_phone_numbers_waba_id"), "phone_numbers", ["waba_id"], unique=False)
    for table in ("subscribers", "conversations"):
        name = op.f(f"fk_{table}_merged_into_{table}")
        column = sa.Column("merged_into", Id, sa.ForeignKey(f"{table}.id", name=name), nullable=True)
        # With its reference in the same statement, so that SQLite need not copy the table.
        op.add_column(table, column, inline_references=True)


def _arriving() -> None:
    op.add_column("channel_events", sa.Column("replayed_at", UtcDateTime, nullable=True))
    is_open = sa.text("problem IS NOT NULL AND replayed_at IS NULL")
    op.create_index(
        "ix_channel_events_open",
        "channel_events",
        ["field", "id"],
        unique=False,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )
    # SQLite copies this table; its rows live a week, and no other table points at it.
    with op.batch_alter_table("reply_tokens") as batch:
        batch.add_column(sa.Column("words", sa.Text(), nullable=True))
        batch.add_column(sa.Column("page", Json, nullable=True))
        batch.alter_column("intent", existing_type=sa.Text(), nullable=True)
        batch.alter_column("entities", existing_type=Json, nullable=True)
    op.create_table(
        "unasked",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        _business("unasked"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_unasked_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unasked")),
    )
    op.create_index(op.f("ix_unasked_conversation_id"), "unasked", ["conversation_id"], unique=False)


def _media() -> None:
    op.create_table(
        "received_media",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("inbound_message_id", Id, nullable=False),
        sa.Column("phone_number_id", sa.String(length=64), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("is_voice", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("filename", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("run_at", UtcDateTime, nullable=False),
        sa.Column("lease_until", UtcDateTime, nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("stored_at", UtcDateTime, nullable=True),
        _business("received_media"),
        sa.ForeignKeyConstraint(
            ["inbound_message_id"],
            ["inbound_messages.id"],
            name=op.f("fk_received_media_inbound_message_id_inbound_messages"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_media")),
    )
    op.create_index(
        op.f("ix_received_media_inbound_message_id"), "received_media", ["inbound_message_id"], unique=False
    )
    is_open = sa.text("status IN ('waiting', 'unheard')")
    op.create_index(
        "ix_received_media_open",
        "received_media",
        ["run_at", "id"],
        unique=False,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )
    op.create_table(
        "uploaded_media",
        sa.Column("phone_number_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", UtcDateTime, nullable=False),
        sa.Column("checked_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        _business("uploaded_media"),
        _number("uploaded_media"),
        sa.PrimaryKeyConstraint("phone_number_id", "source", name=op.f("pk_uploaded_media")),
    )


def _account() -> None:
    op.create_table(
        "templates",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("waba_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("quality", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("intended_category", sa.String(length=32), nullable=True),
        sa.Column("paused_until", UtcDateTime, nullable=True),
        sa.Column("alternate", sa.String(length=512), nullable=True),
        sa.Column("components", Json, nullable=True),
        sa.Column("parameter_format", sa.String(length=16), nullable=True),
        sa.Column("meta_id", sa.String(length=64), nullable=True),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("checked_at", UtcDateTime, nullable=True),
        _business("templates"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint(
            "business_id", "waba_id", "name", "language", name=op.f("uq_templates_business_id_waba_id_name_language")
        ),
    )
    op.create_table(
        "number_health",
        sa.Column("phone_number_id", sa.String(length=64), nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("quality", sa.String(length=16), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=True),
        sa.Column("throughput", sa.String(length=32), nullable=True),
        sa.Column("messaging_limit", sa.String(length=32), nullable=True),
        sa.Column("name_status", sa.String(length=64), nullable=True),
        sa.Column("is_on_app", sa.Boolean(), nullable=True),
        sa.Column("details", Json, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("checked_at", UtcDateTime, nullable=True),
        sa.Column("check_at", UtcDateTime, nullable=False),
        _business("number_health"),
        _number("number_health"),
        sa.PrimaryKeyConstraint("phone_number_id", name=op.f("pk_number_health")),
    )
    op.create_table(
        "number_stops",
        sa.Column("phone_number_id", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("business_id", Id, nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("needs_receipt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stopped_at", UtcDateTime, nullable=False),
        sa.Column("probe_at", UtcDateTime, nullable=False),
        sa.Column("probes", sa.Integer(), server_default="0", nullable=False),
        _business("number_stops"),
        _number("number_stops"),
        sa.PrimaryKeyConstraint("phone_number_id", "scope", name=op.f("pk_number_stops")),
    )


def _business(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f(f"fk_{table}_business_id_businesses"))


def _number(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["phone_number_id"],
        ["phone_numbers.phone_number_id"],
        name=op.f(f"fk_{table}_phone_number_id_phone_numbers"),
    )
