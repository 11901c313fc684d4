"""Pages that may show people's inboxes."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("businesses", sa.Column("inbox_origins", Json, nullable=True))
