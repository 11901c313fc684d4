"""What the action server must be told, by the environment or `.env`; names the variable that is wrong."""

from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, StringConstraints, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

Secret = Annotated[SecretStr, Field(min_length=1)]
Port = Annotated[int, Field(ge=1, le=65535)]


class WrongSetting(Exception):
    """A setting is missing or wrong; the message names the variable."""


class Settings(BaseSettings):
    """Names and meanings as in `.env.example`."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    relais_secret: Secret
    actions_port: Port = 5055
    server_url: HttpUrl = HttpUrl("http://127.0.0.1:8081")
    backend_url: HttpUrl = HttpUrl("http://127.0.0.1:8090")
    backend_token: Secret
    log_level: Annotated[str, StringConstraints(to_upper=True, pattern="^(?i:debug|info|warning|error)$")] = "INFO"


def read_settings() -> Settings:
    """The settings, or `WrongSetting` with a sentence for each thing wrong with them."""
    try:
        return Settings()
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        raise WrongSetting("\n".join(_sentence(problem) for problem in problems)) from None


def _sentence(problem: ErrorDetails) -> str:
    name = str(problem["loc"][0]).upper()
    if problem["type"] == "missing":
        return f"{name} is missing: set it in .env or in the environment (.env.example has a value to start with)."
    return f"{name} is wrong: {problem['msg'][:1].lower()}{problem['msg'][1:]}."
