"""Adapters that deliver a message on a channel."""

from notifications.providers.base import (
    Accepted,
    Failed,
    Outcome,
    Provider,
    Uncertain,
)

__all__ = ["Accepted", "Failed", "Outcome", "Provider", "Uncertain"]
