"""The table of promotions. A model answers all businesses, so it belongs to none."""

import sqlalchemy as sa

from storage.tables import metadata
from storage.types import Id, UtcDateTime, one_of

IS_OPEN = one_of("state", "switching")

model_promotions = sa.Table(
    "model_promotions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # File names. Null: it is not known what answered before.
    sa.Column("from_model", sa.String(128)),
    sa.Column("to_model", sa.String(128), nullable=False),
    # Who of the staff, whom this package does not know; null: the command line.
    sa.Column("member_id", Id),
    # See `conversations.models.history.State`.
    sa.Column("state", sa.String(16), nullable=False),
    # Why it was refused, in a sentence.
    sa.Column("why", sa.Text),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    # One at a time.
    sa.Index("ix_model_promotions_open", "state", unique=True, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
)
