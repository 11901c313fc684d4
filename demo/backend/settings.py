"""What the demo backend needs to know, from the environment or `.env`."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it."""


class Settings(BaseSettings):
    """The settings of this process; names in the environment are the same in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    backend_port: Annotated[int, Field(ge=1, le=65535)] = 8090
    backend_token: Annotated[SecretStr, Field(min_length=1)]
    var_dir: Path = Path("var")

    @property
    def database(self) -> Path:
        """The file that holds everything of this process."""
        return self.var_dir / "backend.db"

    @property
    def photos(self) -> Path:
        """Where drawn photos are kept."""
        return self.var_dir / "photos"


def read_settings() -> Settings:
    """Read the environment; what is wrong is said in sentences that name the variables."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            "\n".join(
                _sentence(str(each["loc"][0]), each["type"], each["msg"]) for each in error.errors(include_input=False)
            )
        ) from None


def _sentence(field: str, kind: str, problem: str) -> str:
    name = field.upper()
    if kind == "missing":
        return f"{name} is missing: set it in .env or in the environment (.env.example has a value to start with)."
    return f"{name} is wrong: {problem[:1].lower()}{problem[1:]}."
