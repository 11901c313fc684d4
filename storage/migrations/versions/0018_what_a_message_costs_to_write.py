"""What a message costs to write: why it took its form stands on it, and indexes hold what is asked of them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NARROWED = (
    ("ix_messages_followers", ["after_id"], "status IN ('queued') AND after_id IS NOT NULL"),
    ("ix_messages_pushed", ["subscriber_id", "claimed_at"], "origin = 'push' AND claimed_at IS NOT NULL"),
    ("ix_messages_provider_message_id", ["provider_message_id"], "provider_message_id IS NOT NULL"),
)


def upgrade() -> None:
    op.add_column("messages", sa.Column("form_reason", sa.Text(), nullable=True))
    for name, columns, where in NARROWED:
        op.drop_index(name, "messages")
        op.create_index(name, "messages", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
