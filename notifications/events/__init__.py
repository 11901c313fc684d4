"""Events: what a business's own system tells that happened, kept once each, and what people are told because of it."""

from notifications.events.mapping import ROLES, BackendEvent, BadEvent, meaning_of
from notifications.events.receiving import Received, receive

__all__ = ["ROLES", "BackendEvent", "BadEvent", "Received", "meaning_of", "receive"]
