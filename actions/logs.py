"""How this process logs: one line per event, never a text, a number or a tracker."""

import logging
import sys

import structlog

# rasa_sdk and the HTTP libraries write trackers, headers and URLs at the levels below.
QUIET_LOGGERS = ("rasa_sdk", "httpx", "httpcore", "uvicorn", "asyncio")


def configure_logs(level: str) -> None:
    """Set up our own logs at `level`, everybody else's at WARNING."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
