"""When businesses let people rest."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("businesses", sa.Column("quiet_hours", Json, nullable=True))
    op.add_column("messages", sa.Column("heeds_quiet", sa.Boolean(), nullable=True))
