"""Refuses any Rasa but the one this package was written against.

Several modules here replace parts of Rasa that are not a public interface. Each replacement has a contract
test, and all of them were read against exactly one release.
"""

from importlib.metadata import version

from relais_bot.refusals import WrongRasa

SUPPORTED = "3.6.21"


def require_supported_rasa(installed: str | None = None) -> None:
    """Raises `WrongRasa` unless Rasa is the supported release (asked of the metadata: importing is slow)."""
    installed = installed or version("rasa")
    if installed != SUPPORTED:
        raise WrongRasa(
            f"The bot's environment holds Rasa {installed}, but relais_bot works with Rasa {SUPPORTED} only: "
            f"make the environment again from bot/requirements.lock."
        )
