"""The customer service window: whether a business may write freely to a person, or by template only."""

from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(hours=24)
"""How long a person's message keeps the window open; Meta, customer service windows."""

MARGIN: Final = timedelta(minutes=5)
"""Kept off its end, since Meta's clock decides and a message takes time to get there; our choice."""


def is_open(last_inbound_at: datetime | None, now: datetime) -> bool:
    """`last_inbound_at` is of the person's own messages; reactions and receipts do not open the window."""
    return last_inbound_at is not None and now - last_inbound_at < WINDOW - MARGIN
