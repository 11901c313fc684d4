"""Keeps Rasa from printing what people write, and libraries from printing what nobody reads.

Rasa's loggers may name senders at WARNING and quote texts at DEBUG, and structlog, left alone, prints everything.
"""

import logging
import os
import warnings
from collections.abc import MutableMapping

from relais_bot.masking import mask_root_handlers

#: Read by Rasa and libraries when they are imported.
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "PYTHONWARNINGS": "ignore",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    # Rasa's own cache knows nothing of our modules; relais_bot.train keeps track of the inputs instead.
    "RASA_MAX_CACHE_SIZE": "0",
}

#: These say what is going on without saying who said what.
_OURS = "relais_bot"


def prepare_environment(environment: MutableMapping[str, str], home: str) -> None:
    """Before Rasa is imported. `home` stands in where the user has no home to write to."""
    environment.update(ENVIRONMENT)
    current = environment.get("HOME", "")
    if not current or not os.access(current, os.W_OK):
        os.makedirs(home, exist_ok=True)
        environment["HOME"] = home
    # Not by a filter: libraries set their own when they are imported.
    warnings.showwarning = _say_nothing


def _say_nothing(*_: object, **__: object) -> None:
    """Deprecations in pinned libraries are nobody's news."""


def configure_logs(level: str) -> None:
    """After Rasa is imported. At DEBUG everything is printed, texts included, but no phone number."""
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.getLevelName(level))
    mask_root_handlers()
    if level != "DEBUG":
        logging.getLogger().setLevel(logging.ERROR)
        logging.getLogger("rasa").setLevel(logging.ERROR)
        logging.getLogger("sanic").setLevel(logging.ERROR)
        logging.getLogger(_OURS).setLevel(level)
