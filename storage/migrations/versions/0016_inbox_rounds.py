"""Inbox tokens can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscribers", sa.Column("inbox_round", sa.Integer(), nullable=False, server_default="0"))
