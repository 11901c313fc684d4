"""A reference backend: what a business puts behind Relais, with believable data, on SQLite.

It shares no model and no parsing with `backend/`, our client: each is written from docs/backend.md,
so that a mistake in one shows against the other.
"""

from demo.backend.app import create_app
from demo.backend.settings import Settings

__all__ = ["Settings", "create_app"]
