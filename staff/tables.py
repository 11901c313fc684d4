"""The tables of those who work at the desk. They belong to the house: what ties one to a business is a role."""

import sqlalchemy as sa

from storage.tables import metadata
from storage.types import Id, Json, UtcDateTime

staff_members = sa.Table(
    "staff_members",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # What one logs in with, in small letters.
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    # Argon2id with its salt and costs; null for the demo's member, who enters without one.
    sa.Column("password_hash", sa.Text),
    # Null: whatever the browser asks for.
    sa.Column("language", sa.String(8)),
    # auto, light, dark
    sa.Column("theme", sa.String(8), nullable=False, server_default="auto"),
    # The shared secret of one-time codes, encrypted with a key of the server's; null without a second factor.
    sa.Column("totp_secret", sa.Text),
    # The period (30 s each) whose code was taken last: none is taken twice.
    sa.Column("totp_period", sa.BigInteger),
    # SHA-256, in hex, of the recovery codes that are left.
    sa.Column("recovery_hashes", Json),
    sa.Column("is_demo", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("disabled_at", UtcDateTime),
)

staff_roles = sa.Table(
    "staff_roles",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("member_id", Id, sa.ForeignKey("staff_members.id"), nullable=False),
    # Null: all businesses, also those to come, and what belongs to none.
    sa.Column("business_id", Id, sa.ForeignKey("businesses.id")),
    # admin, manager, agent, reviewer, tester
    sa.Column("role", sa.String(16), nullable=False),
    sa.UniqueConstraint("member_id", "business_id"),
)

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("member_id", Id, sa.ForeignKey("staff_members.id"), nullable=False),
    # SHA-256, in hex: the token itself is in the cookie alone.
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # When it was let in; null while the second factor is still asked for.
    sa.Column("passed_at", UtcDateTime),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    # From where and with what, so that one knows one's own again.
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("agent", sa.String(200), nullable=False),
    sa.Index(None, "member_id"),
)

staff_links = sa.Table(
    "staff_links",
    metadata,
    # Addresses that open a door once: the first admin's, an invitation, a new password.
    sa.Column("id", Id, primary_key=True),
    # first, invitation, reset
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    # Whose password it changes; null where it makes a member.
    sa.Column("member_id", Id, sa.ForeignKey("staff_members.id")),
    # Of an invitation: whom it is for, and the roles it gives, by business ("" is the whole house).
    sa.Column("email", sa.String(254)),
    sa.Column("roles", Json),
    # Of a new password: whether the second factor goes too.
    sa.Column("clears_second_factor", sa.Boolean, nullable=False, server_default=sa.false()),
    # Null: the server itself, or its command line.
    sa.Column("made_by", Id, sa.ForeignKey("staff_members.id")),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("used_at", UtcDateTime),
)

staff_attempts = sa.Table(
    "staff_attempts",
    metadata,
    # Failed log-ins, counted by account and by address: SHA-256, in hex, of either.
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Index(None, "since"),
)

staff_audit = sa.Table(
    "staff_audit",
    metadata,
    # Who did what and who looked at whom. Names nobody: the subject is an id.
    sa.Column("id", Id, primary_key=True),
    sa.Column("business_id", Id, sa.ForeignKey("businesses.id")),
    # Null: nobody who was logged in, such as a failed log-in or the command line.
    sa.Column("member_id", Id, sa.ForeignKey("staff_members.id")),
    # See `staff.audit.Deed`.
    sa.Column("deed", sa.String(32), nullable=False),
    sa.Column("subject_kind", sa.String(16)),
    sa.Column("subject_id", sa.String(64)),
    sa.Column("address", sa.String(64)),
    sa.Column("done_at", UtcDateTime, nullable=False),
    sa.Index(None, "member_id", "id"),
    sa.Index(None, "business_id", "id"),
    sa.Index(None, "subject_kind", "subject_id"),
)
