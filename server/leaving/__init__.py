"""The page behind the link in an email by which people leave a list."""

from server.leaving.routes import leaving_routes

__all__ = ["leaving_routes"]
