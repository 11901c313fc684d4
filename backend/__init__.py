"""The business system seen from here: its client, what it answers and how it fails."""

from backend.client import BackendClient, Customer
from backend.errors import BackendError, BackendUnavailable, NotFound, Refused, Unreadable

__all__ = [
    "BackendClient",
    "BackendError",
    "BackendUnavailable",
    "Customer",
    "NotFound",
    "Refused",
    "Unreadable",
]
