"""The business system seen from here: its client, what it answers and how it fails."""

from backend.calls import Customer
from backend.client import BackendClient, write_key
from backend.errors import BackendError, BackendUnavailable, InDoubt, NotFound, Refused, Unreadable
from backend.wire.aftercare import Deletion, Export, Kept
from backend.wire.values import Page
from backend.wire.withdrawals import Withdrawn

__all__ = [
    "BackendClient",
    "BackendError",
    "BackendUnavailable",
    "Customer",
    "Deletion",
    "Export",
    "InDoubt",
    "Kept",
    "NotFound",
    "Page",
    "Refused",
    "Unreadable",
    "Withdrawn",
    "write_key",
]
