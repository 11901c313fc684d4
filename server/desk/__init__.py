"""The desk: pages on the private port for those who work here. `desk_app` puts it together."""

from server.desk.app import desk_app

__all__ = ["desk_app"]
