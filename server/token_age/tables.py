"""The table of access tokens: what Meta told of the one that each number of ours uses; never the token itself."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import UtcDateTime

access_tokens = sa.Table(
    "access_tokens",
    metadata,
    sa.Column("phone_number_id", sa.String(64), sa.ForeignKey("phone_numbers.phone_number_id"), primary_key=True),
    business_column(),
    # By it another token is noticed; made with the server's secret, so that it tells nobody anything.
    sa.Column("fingerprint", sa.String(32), nullable=False),
    # Null until Meta was asked.
    sa.Column("is_valid", sa.Boolean),
    # Why Meta calls it not valid, or could not be asked.
    sa.Column("problem", sa.Text),
    sa.Column("issued_at", UtcDateTime),
    # Null: never.
    sa.Column("ends_at", UtcDateTime),
    # When we first used it: its age where Meta tells none.
    sa.Column("first_seen_at", UtcDateTime, nullable=False),
    sa.Column("asked_at", UtcDateTime),
    sa.Column("ask_at", UtcDateTime, nullable=False),
)
