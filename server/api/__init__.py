"""The push API: what a business's own system asks of Relais, under /v1/ on the private port."""

from server.api.app import api_app

__all__ = ["api_app"]
