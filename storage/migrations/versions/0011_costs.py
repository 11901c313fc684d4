"""What each message costs."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("estimated_cost", "actual_cost"):
        op.add_column("messages", sa.Column(name, sa.BigInteger(), nullable=True))
    for name, length in (("cost_currency", 3), ("price_category", 32), ("price_type", 32), ("price_book", 16)):
        op.add_column("messages", sa.Column(name, sa.String(length=length), nullable=True))
