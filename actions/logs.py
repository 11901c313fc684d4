"""How this process logs: one line per event, never a text, a number or a tracker."""

import logging
import sys
import traceback
from pathlib import Path

import structlog

# rasa_sdk and the HTTP libraries write trackers, headers and URLs at the levels below.
QUIET_LOGGERS = ("rasa_sdk", "httpx", "httpcore", "uvicorn", "asyncio")


def place_of(error: BaseException) -> str:
    """Where it was raised, as "draft.py:48 of": what it says may quote what the person wrote or who they are."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return f"{Path(last.filename).name}:{last.lineno} {last.name}" if last else "unknown"


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
