"""Switches traces on where the settings name somebody who collects them."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

from server.settings import Settings
from telemetry.tracing import tracing

PATH = "/v1/traces"
"""Where a collector takes spans over HTTP; OpenTelemetry, OTLP specification."""


def start_tracing(settings: Settings) -> bool:
    """Whether spans are made from now on."""
    address = settings.otel_exporter_otlp_endpoint
    if not address:
        return False
    tracing.start(OTLPSpanExporter(endpoint=address.rstrip("/") + PATH), "relais")
    return True
