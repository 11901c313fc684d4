"""Adapters that deliver a message on a channel."""

from notifications.providers.base import (
    Accepted,
    Failed,
    Outcome,
    Provider,
    Uncertain,
)
from notifications.providers.media import MediaAsGiven, OutgoingMedia, Prepared

__all__ = ["Accepted", "Failed", "MediaAsGiven", "Outcome", "OutgoingMedia", "Prepared", "Provider", "Uncertain"]
