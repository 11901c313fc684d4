"""Every setting of the server, read once. A wrong or missing one stops the start with a sentence that names it."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL

from channels.email.message import Mailbox
from channels.email.smtp_url import read_smtp_url
from channels.sms.message import check_sender
from channels.whatsapp.tokens import BadTokensFile, read_tokens
from storage.database import BadDatabaseUrl, database_url

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
EXAMPLE_PREFIX = "local-only-"
"""Every secret in .env.example begins with this: good for the emulator, refused for the real WhatsApp."""

MIN_SECRET_LENGTH = 16
MESSAGING_SERVICE = "MG"
"""The SID of a messaging service of Twilio's begins with this."""

Port = Annotated[int, Field(ge=1, le=65535)]
Secret = Annotated[SecretStr, Field(min_length=MIN_SECRET_LENGTH)]


def _redis_url(url: SecretStr) -> SecretStr:
    if url.get_secret_value() and urlsplit(url.get_secret_value()).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return url


def _smtp_url(url: SecretStr) -> SecretStr:
    if url.get_secret_value():
        read_smtp_url(url.get_secret_value())
    return url


def several(text: str) -> list[str]:
    """What stands between the commas of a setting."""
    return [each.strip() for each in text.split(",") if each.strip()]


def _several(secrets: SecretStr) -> SecretStr:
    if any(len(each) < MIN_SECRET_LENGTH for each in several(secrets.get_secret_value())):
        raise ValueError(f"must hold secrets of at least {MIN_SECRET_LENGTH} characters, with commas between them")
    return secrets


def _sms_sender(text: str) -> str:
    if text and not text.startswith(MESSAGING_SERVICE):
        check_sender(text)
    return text


def _sms_providers(text: str) -> str:
    named = several(text)
    if len(set(named)) != len(named) or not set(named) <= {"twilio", "ovh"}:
        raise ValueError("must name twilio, ovh or both, each once, with a comma between them")
    return text


def _mailbox(text: str) -> str:
    if text:
        Mailbox.parse(text)
    return text


def _mailboxes(text: str) -> str:
    for each in several(text):
        Mailbox(address=each)
    return text


def _web_address(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if url.get_secret_value() and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("must be an address such as https://example.com/alerts")
    return url


class BadSettings(Exception):
    """The settings cannot be used; the message names each that is wrong and how to mend it."""


def _public_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("must be an https address such as https://relais.example.com")
    if not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an address without a query, such as https://relais.example.com")
    return url


class Settings(BaseSettings):
    """The server's settings, by the names of .env.example."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, env_file=ROOT / ".env", env_ignore_empty=True
    )

    relais_secret: Secret
    database_url: SecretStr = SecretStr("")
    var_dir: Path = ROOT / "var"
    business_file: Path = ROOT / "business.yml"

    whatsapp_base_url: str = "http://127.0.0.1:8025"
    whatsapp_api_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = "v23.0"
    whatsapp_token: Secret
    whatsapp_tokens_file: Path | None = None
    whatsapp_app_secret: Secret
    whatsapp_verify_token: Secret
    whatsapp_app_id: Annotated[str, Field(pattern=r"^\d{1,64}$")] | None = None
    templates_dir: Path = ROOT / "templates"
    workflows_dir: Path = ROOT / "workflows"
    models_dir: Path = ROOT / "models"
    bot_python: Path = ROOT / "bot/.venv/bin/python"
    project_dir: Path = ROOT

    media_url: str = ""
    media_s3_endpoint: str = ""
    media_s3_region: str = ""
    media_s3_key_id: SecretStr = SecretStr("")
    media_s3_secret: SecretStr = SecretStr("")
    transcriber: str = ""

    email_from: Annotated[str, AfterValidator(_mailbox)] = ""
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp_url)] = SecretStr("")
    sendgrid_api_key: SecretStr = SecretStr("")
    sendgrid_webhook_key: str = ""
    sendgrid_base_url: str = "https://api.sendgrid.com"
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_from: Annotated[str, AfterValidator(_sms_sender)] = ""
    twilio_base_url: str = "https://api.twilio.com"
    ovh_application_key: str = ""
    ovh_application_secret: SecretStr = SecretStr("")
    ovh_consumer_key: SecretStr = SecretStr("")
    ovh_sms_service: str = ""
    ovh_from: Annotated[str, AfterValidator(_sms_sender)] = ""
    ovh_base_url: str = "https://eu.api.ovh.com/1.0"
    sms_providers: Annotated[str, AfterValidator(_sms_providers)] = "twilio,ovh"
    unsubscribe_secrets: Annotated[SecretStr, AfterValidator(_several)] = SecretStr("")

    public_url: Annotated[str, AfterValidator(_public_address)] | None = None
    public_host: str = "127.0.0.1"
    private_host: str = "127.0.0.1"
    public_port: Port = 8080
    private_port: Port = 8081
    bot_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055/webhook"
    backend_url: str = "http://127.0.0.1:8090"
    backend_token: SecretStr = SecretStr("")

    guest_phone: Annotated[str, Field(pattern=r"^(\+[1-9]\d{6,14})?$")] = ""
    desk_second_factor: Literal["optional", "required"] = "optional"

    turn_concurrency: Annotated[int, Field(ge=1, le=2000)] = 200
    send_concurrency: Annotated[int, Field(ge=1, le=2000)] = 100
    api_requests_per_minute: Annotated[int, Field(ge=1)] = 6000
    webhooks_to_private_addresses: bool = False
    redis_url: Annotated[SecretStr, AfterValidator(_redis_url)] = SecretStr("")
    whatsapp_rates: Literal["meta", "off"] = "meta"
    metrics_token: SecretStr = SecretStr("")
    metrics_port: Port | None = None
    alert_emails: Annotated[str, AfterValidator(_mailboxes)] = ""
    alert_webhook: Annotated[SecretStr, AfterValidator(_web_address)] = SecretStr("")
    alert_language: Literal["fr", "en"] = "en"
    otel_exporter_otlp_endpoint: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @property
    def database(self) -> URL:
        """The address of the database. Raises BadDatabaseUrl."""
        return database_url(self.database_url.get_secret_value(), self.var_dir / "relais.db")

    @property
    def public_address(self) -> str:
        """How the public port is reached from outside, without a slash at its end."""
        return (self.public_url or f"http://{self.public_host}:{self.public_port}").rstrip("/")

    @property
    def is_on_sqlite(self) -> bool:
        """Whether the database is a file that one process owns."""
        return self.database.get_backend_name() == "sqlite"

    @property
    def sendgrid_webhook_keys(self) -> list[str]:
        """The new one, then older ones."""
        return several(self.sendgrid_webhook_key)

    @property
    def twilio_auth_tokens(self) -> list[str]:
        """The new one, with which we ask, then the old one, which Twilio may still sign with."""
        return several(self.twilio_auth_token.get_secret_value())

    @property
    def alert_addresses(self) -> list[str]:
        """Who is told by email when something is wrong with the house."""
        return several(self.alert_emails)

    @property
    def sends_email(self) -> bool:
        """Whether something is set up that delivers emails."""
        return any(each.get_secret_value() for each in (self.smtp_url, self.sendgrid_api_key))

    @property
    def uses_emulator(self) -> bool:
        """Whether WhatsApp is one on this machine."""
        return urlsplit(self.whatsapp_base_url).hostname in LOOPBACK


def load() -> Settings:
    """Read the settings from the environment, then from `.env`. Raises BadSettings."""
    try:
        settings = Settings()
        _ = settings.database
        if settings.whatsapp_tokens_file is not None:
            read_tokens(settings.whatsapp_tokens_file)
    except ValidationError as error:
        raise BadSettings(_sentences(error)) from None
    except BadDatabaseUrl as error:
        raise BadSettings(str(error)) from None
    except BadTokensFile as error:
        raise BadSettings(f"WHATSAPP_TOKENS_FILE: {error}") from None
    _refuse_half_a_channel(settings)
    if not settings.uses_emulator or {settings.public_host, settings.private_host} - LOOPBACK:
        _refuse_example_secrets(settings)
    return settings


def _sentences(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in problem["loc"]).upper()
        if problem["type"] == "missing":
            lines.append(f"{name} is not set; see .env.example for what it is.")
        elif problem["type"] == "too_short":
            lines.append(f"{name} is too short: it needs at least {problem['ctx']['min_length']} characters.")
        else:
            lines.append(f"{name} is wrong: {problem['msg'][0].lower()}{problem['msg'][1:]}.")
    return "\n".join(lines)


PARTS_OF_A_PROVIDER = (
    ("twilio_account_sid", "twilio_auth_token", "twilio_from"),
    ("ovh_application_key", "ovh_application_secret", "ovh_consumer_key", "ovh_sms_service"),
)
"""Settings that are good for nothing one without the others."""


def _refuse_half_a_channel(settings: Settings) -> None:
    """What is missing is told now, not by the first message."""
    for names in PARTS_OF_A_PROVIDER:
        missing = [name.upper() for name in names if not _text(settings, name)]
        if 0 < len(missing) < len(names):
            raise BadSettings(f"{', '.join(missing)} is not set; {names[0].upper()} and the like need it.")
    if not settings.sends_email:
        if settings.alert_emails:
            raise BadSettings("ALERT_EMAILS is set, but nothing sends emails: set SMTP_URL or SENDGRID_API_KEY too.")
        return
    if not settings.email_from:
        raise BadSettings("EMAIL_FROM is not set: emails need a sender, such as Kimia <bonjour@kimia.example>.")
    if settings.public_url is None and settings.public_host not in LOOPBACK:
        raise BadSettings("PUBLIC_URL is not set: the link in an email by which people leave a list begins with it.")


def _text(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return str(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _refuse_example_secrets(settings: Settings) -> None:
    names = ("relais_secret", "whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token")
    example = [name.upper() for name in names if getattr(settings, name).get_secret_value().startswith(EXAMPLE_PREFIX)]
    if example:
        raise BadSettings(
            f"{', '.join(example)} still has the value of .env.example, which everybody knows. "
            "WHATSAPP_BASE_URL, PUBLIC_HOST or PRIVATE_HOST is not on this machine: set secrets of your own."
        )
