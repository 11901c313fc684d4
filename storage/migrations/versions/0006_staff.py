"""Who works at the desk: members, roles, sessions, one-time links, failed log-ins, the audit; and what it lists."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _members()
    _sessions()
    _links()
    _audit()
    _feed()


def _members() -> None:
    op.create_table(
        "staff_members",
        sa.Column("id", Id, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("theme", sa.String(length=8), server_default="auto", nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_period", sa.BigInteger(), nullable=True),
        sa.Column("recovery_hashes", Json, nullable=True),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("disabled_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_members")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_members_email")),
    )
    op.create_table(
        "staff_roles",
        sa.Column("id", Id, nullable=False),
        sa.Column("member_id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        _key("staff_roles", "member_id", "staff_members"),
        _key("staff_roles", "business_id", "businesses"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_roles")),
        sa.UniqueConstraint("member_id", "business_id", name=op.f("uq_staff_roles_member_id_business_id")),
    )


def _sessions() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("id", Id, nullable=False),
        sa.Column("member_id", Id, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("passed_at", UtcDateTime, nullable=True),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        _key("staff_sessions", "member_id", "staff_members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index(op.f("ix_staff_sessions_member_id"), "staff_sessions", ["member_id"])
    op.create_table(
        "staff_attempts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_staff_attempts")),
    )
    op.create_index(op.f("ix_staff_attempts_since"), "staff_attempts", ["since"])


def _links() -> None:
    op.create_table(
        "staff_links",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", Id, nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("roles", Json, nullable=True),
        sa.Column("clears_second_factor", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("made_by", Id, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime, nullable=True),
        _key("staff_links", "member_id", "staff_members"),
        _key("staff_links", "made_by", "staff_members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_links_token_hash")),
    )


def _audit() -> None:
    op.create_table(
        "staff_audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("business_id", Id, nullable=True),
        sa.Column("member_id", Id, nullable=True),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=True),
        sa.Column("subject_id", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("done_at", UtcDateTime, nullable=False),
        _key("staff_audit", "business_id", "businesses"),
        _key("staff_audit", "member_id", "staff_members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_audit")),
    )
    op.create_index(op.f("ix_staff_audit_member_id_id"), "staff_audit", ["member_id", "id"])
    op.create_index(op.f("ix_staff_audit_business_id_id"), "staff_audit", ["business_id", "id"])
    op.create_index(op.f("ix_staff_audit_subject_kind_subject_id"), "staff_audit", ["subject_kind", "subject_id"])


def _feed() -> None:
    went_astray = sa.text("state IN ('cancelled', 'superseded', 'expired', 'failed', 'merged')")
    op.create_index(
        "ix_notifications_astray",
        "notifications",
        ["state", "id"],
        postgresql_where=went_astray,
        sqlite_where=went_astray,
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
