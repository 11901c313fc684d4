"""What a process tells of itself: numbers for Prometheus, spans for OpenTelemetry. Knows nothing else of ours."""
