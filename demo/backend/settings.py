"""What the demo backend needs to know, from the environment or `.env`."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it."""


class Settings(BaseSettings):
    """The settings of this process; names in the environment are the same in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    backend_port: Annotated[int, Field(ge=1, le=65535)] = 8090
    backend_token: Annotated[SecretStr, Field(min_length=1)]
    var_dir: Path = Path("var")
    demo_tells_relais: bool = False
    demo_courier_seconds: Annotated[int, Field(ge=0, le=3600)] = 0
    server_url: str = "http://127.0.0.1:8081"
    relais_secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _can_tell(self) -> Self:
        if self.demo_tells_relais and not self.relais_secret.get_secret_value():
            raise ValueError("DEMO_TELLS_RELAIS needs RELAIS_SECRET, by which Relais knows the demo")
        return self

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
                _sentence("".join(map(str, each["loc"][:1])), each["type"], each["msg"])
                for each in error.errors(include_input=False)
            )
        ) from None


def _sentence(field: str, kind: str, problem: str) -> str:
    if not field:  # several settings do not fit together
        return f"{problem.removeprefix('Value error, ')}."
    name = field.upper()
    if kind == "missing":
        return f"{name} is missing: set it in .env or in the environment (.env.example has a value to start with)."
    return f"{name} is wrong: {problem[:1].lower()}{problem[1:]}."
