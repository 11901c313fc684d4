"""Which models answered people, and who put them there."""

import sqlalchemy as sa
from alembic import op

from storage.types import Id, UtcDateTime, one_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_promotions",
        sa.Column("id", Id, nullable=False),
        sa.Column("from_model", sa.String(length=128), nullable=True),
        sa.Column("to_model", sa.String(length=128), nullable=False),
        sa.Column("member_id", Id, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_promotions")),
    )
    is_open = one_of("state", "switching")
    op.create_index(
        "ix_model_promotions_open", "model_promotions", ["state"], unique=True,
        postgresql_where=is_open, sqlite_where=is_open,
    )  # fmt: skip
