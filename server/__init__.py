"""The composition root: settings, HTTP apps, worker and command line; the only place that wires parts together."""
