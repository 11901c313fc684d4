"""The tables of figures: what was counted, and which hours are to be counted when."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import Id, UtcDateTime

figures = sa.Table(
    "figures",
    metadata,
    # How often something was so within an hour, or within a day of the business's own clock.
    sa.Column("business_id", Id, sa.ForeignKey("businesses.id"), primary_key=True),
    # hour, day
    sa.Column("grain", sa.String(4), primary_key=True),
    # What is counted (see `figures.counting`): name and detail say which of its kind.
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("at", UtcDateTime, primary_key=True),
    sa.Column("name", sa.String(128), primary_key=True),
    sa.Column("detail", sa.String(64), primary_key=True),
    sa.Column("total", sa.BigInteger, nullable=False),
)

figure_hours = sa.Table(
    "figure_hours",
    metadata,
    # Every hour since something was first said: when it is counted next; null once it stands still.
    business_column(),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime),
    sa.Column("counted_at", UtcDateTime),
    sa.PrimaryKeyConstraint("business_id", "at"),
    sa.Index(
        "ix_figure_hours_due",
        "at",
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    ),
)

HAS_TO_BE_COUNTED = sa.text("figure_hours.due_at IS NOT NULL")
"""The condition of ix_figure_hours_due, for queries."""
