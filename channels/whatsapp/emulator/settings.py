"""The emulator's settings, read from the environment and `.env`; a wrong one is named in one sentence."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from channels.whatsapp.emulator.policy import Approval, Policy, WindowRule
from channels.whatsapp.emulator.problems import SettingsProblem

LOOPBACK = "127.0.0.1"  # the emulator can act as anybody, so it is never reachable from another machine


class EmulatorSettings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    emulator_port: int = Field(default=8025, ge=1, le=65535)
    emulator_webhook_url: str = "http://127.0.0.1:8080/webhooks/whatsapp"
    emulator_window: WindowRule = "failed_status"  # Policy.window at the start
    emulator_template_approval: Approval = "by_hand"  # Policy.template_approval at the start
    emulator_templates: Path | None = None  # templates that are approved from the start
    emulator_app_id: str = "200000000000001"
    whatsapp_app_secret: SecretStr
    whatsapp_token: SecretStr
    whatsapp_verify_token: SecretStr
    emulator_catalogue: Path | None = None  # products for the phone page; without it, those of the demonstration
    var_dir: Path = Path("var")
    business_file: Path = Path("business.yml")
    log_level: str = "INFO"

    @field_validator("emulator_webhook_url")
    @classmethod
    def is_an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value

    @property
    def policy(self) -> Policy:
        return Policy(window=self.emulator_window, template_approval=self.emulator_template_approval)

    @property
    def database_file(self) -> Path:
        return self.var_dir / "emulator.db"


def load_settings() -> EmulatorSettings:
    """Settings from the environment; raises SettingsProblem naming the first variable that is wrong."""
    try:
        return EmulatorSettings()  # pydantic-settings fills the required fields from the environment
    except ValidationError as error:
        raise SettingsProblem(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False)[0]  # a wrong secret must not be printed
    name = str(first["loc"][0]).upper()
    if first["type"] == "missing":
        return f"{name} is missing: write it into .env (.env.example shows a safe local value)."
    return f"{name} is wrong: {first['msg'].removeprefix('Value error, ')}."
