"""Who is away or refuses us: what all workers know of providers and channels. They belong to no one business."""

import sqlalchemy as sa

from storage.tables import metadata
from storage.types import UtcDateTime

outages = sa.Table(
    "outages",
    metadata,
    # channel, provider, refused (see `outages.Kind`)
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(32), primary_key=True),
    # Why, as the last failure had it.
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("began_at", UtcDateTime, nullable=False),
    # When one message may try (database clock); moved by whose message does.
    sa.Column("probe_at", UtcDateTime, nullable=False),
    # Messages that tried and failed.
    sa.Column("probes", sa.Integer, nullable=False, server_default="0"),
)
