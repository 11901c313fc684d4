"""What the bot is told by its environment. A missing or wrong value is one sentence that names the variable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from relais_bot.refusals import SettingsError

HOST = "127.0.0.1"

DEFAULT_PORT = 5005
DEFAULT_ACTIONS_URL = "http://127.0.0.1:5055/webhook"
DEFAULT_SERVER_URL = "http://127.0.0.1:8081"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    secret: str = field(repr=False)
    port: int
    actions_url: str
    server_url: str
    log_level: str
    var_dir: Path

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        secret = environment.get("RELAIS_SECRET", "")
        if not secret:
            raise SettingsError("RELAIS_SECRET is not set: it is the secret our processes share (see .env.example).")
        return cls(
            secret=secret,
            port=_port(environment.get("BOT_PORT") or str(DEFAULT_PORT)),
            actions_url=environment.get("ACTIONS_URL") or DEFAULT_ACTIONS_URL,
            server_url=_address("SERVER_URL", environment.get("SERVER_URL") or DEFAULT_SERVER_URL),
            log_level=_log_level(environment.get("LOG_LEVEL") or "INFO"),
            var_dir=Path(environment.get("VAR_DIR") or "var"),
        )


def _port(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise SettingsError(f"BOT_PORT must be a port number from 1 to 65535, not {value!r}.")
    return int(value)


def _address(name: str, value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise SettingsError(f"{name} must begin with http:// or https://, not {value!r}.")
    return value


def _log_level(value: str) -> str:
    if value.upper() not in LOG_LEVELS:
        raise SettingsError(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {value!r}.")
    return value.upper()
