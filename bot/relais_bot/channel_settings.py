"""What the turn channel is told, by credentials.yml or by the environment. What is wrong is one sentence that names it.

relais_bot.connector.WhatsAppTurns:
  secret: …   # else RELAIS_SECRET: what Relais and the bot share
  url: …      # else RELAIS_URL: Relais's private port, for what the bot says unasked
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.exceptions import RasaException

#: Where Relais's private port is, unless it was moved.
DEFAULT_URL = "http://127.0.0.1:8081"

_VARIABLES = {"secret": "RELAIS_SECRET", "url": "RELAIS_URL"}


class BadCredentials(RasaException):
    """The channel cannot be opened like this. Rasa prints the message and ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    secret: str = field(repr=False)
    url: str = DEFAULT_URL

    @classmethod
    def read(cls, credentials: Any, environment: Mapping[str, str]) -> "ChannelSettings":
        """Raises `BadCredentials`. What credentials.yml says goes before the environment."""
        if not isinstance(credentials or {}, Mapping):
            raise BadCredentials("credentials.yml: the WhatsApp channel takes `secret` and `url`, or nothing at all.")
        given = {name: environment.get(variable) for name, variable in _VARIABLES.items()}
        given |= {name: value for name, value in (credentials or {}).items() if value is not None}
        unknown = sorted(map(str, given.keys() - _VARIABLES.keys()))
        if unknown:
            raise BadCredentials(f"credentials.yml: the WhatsApp channel knows `secret` and `url`, not `{unknown[0]}`.")
        return cls(secret=_secret(given["secret"]), url=_url(given["url"] or DEFAULT_URL))


def _secret(value: Any) -> str:
    if not value:
        raise BadCredentials(
            "RELAIS_SECRET is not set: it is the secret that Relais and the bot share; "
            "`secret` of the WhatsApp channel in credentials.yml may give it too."
        )
    if not isinstance(value, str) or not value.isprintable():
        raise BadCredentials("credentials.yml: the WhatsApp channel's `secret` must be a text in one line, in quotes.")
    return value


def _url(value: Any) -> str:
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        raise BadCredentials(
            f"RELAIS_URL, or the WhatsApp channel's `url`, must be the address of Relais's private port, "
            f"such as {DEFAULT_URL}."
        )
    return value
