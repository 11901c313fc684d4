"""What whoever watches over Relais is told: /metrics for Prometheus, and spans where they are switched on."""

from server.watching.requests import CountRequests
from server.watching.routes import metrics_app, metrics_routes
from server.watching.spans import start_tracing

__all__ = ["CountRequests", "metrics_app", "metrics_routes", "start_tracing"]
