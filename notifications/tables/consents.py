"""The table of what people decided to get and not to get."""

import sqlalchemy as sa

from storage.tables import business_column, metadata
from storage.types import Id, UtcDateTime

consents = sa.Table(
    "consents",
    metadata,
    # Append-only: the newest row per subscriber, category and channel counts.
    sa.Column("id", Id, primary_key=True),
    business_column(),
    sa.Column("subscriber_id", Id, sa.ForeignKey("subscribers.id"), nullable=False),
    sa.Column("category", sa.String(16), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("granted", sa.Boolean, nullable=False),
    # keyword: the person wrote a word such as STOP; chat: they told the assistant; whatsapp: they used WhatsApp's own
    # switch, or Meta told us with a send that it does not pass; api: the business told us; staff: the person told
    # somebody who works at the desk; one_click: the link of an
    # email; provider: an email or SMS provider reported it
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("inbound_message_id", Id, sa.ForeignKey("inbound_messages.id")),
    # The turn in which they told the assistant. No reference: the decision outlives the talk.
    sa.Column("turn_id", Id),
    sa.Column("decided_at", UtcDateTime, nullable=False),
    sa.Index("ix_consents_newest", "subscriber_id", "category", "channel", "id"),
    sa.Index("uq_consents_turn", "turn_id", "category", "channel", unique=True),
)
