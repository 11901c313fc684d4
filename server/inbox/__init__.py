"""The in-app inbox on the public port: for the pages and apps of businesses, one person at a time."""

from server.inbox.app import inbox_app

__all__ = ["inbox_app"]
