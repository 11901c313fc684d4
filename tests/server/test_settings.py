"""A wrong start is one sentence that names what is wrong and how to mend it."""

import os
import socket
import subprocess
from pathlib import Path

import pytest
import structlog
import yaml
from click.testing import CliRunner

from server.__main__ import relais
from server.businesses import BadBusinessFile, read
from server.logs import mask
from server.settings import ROOT, BadSettings, load

GOOD = {
    "RELAIS_SECRET": "a-secret-for-tests-only",
    "WHATSAPP_TOKEN": "a-token-for-tests-only",
    "WHATSAPP_APP_SECRET": "an-app-secret-for-tests",
    "WHATSAPP_VERIFY_TOKEN": "a-word-for-tests-only",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.settings.Settings.model_config", {**_without_env_file()})
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def _without_env_file() -> dict[str, object]:
    from server.settings import Settings

    return {**Settings.model_config, "env_file": None}


def test_good_settings_load_and_hide_their_secrets() -> None:
    settings = load()
    assert settings.is_on_sqlite
    assert "for-tests" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RELAIS_SECRET", ""),
        ("RELAIS_SECRET", "short"),
        ("PUBLIC_PORT", "seventy"),
        ("PRIVATE_PORT", "70000"),
        ("WHATSAPP_API_VERSION", "23"),
        ("DATABASE_URL", "mysql://host/name"),
        ("LOG_LEVEL", "chatty"),
        ("PUBLIC_URL", "http://relais.example"),
        ("PUBLIC_URL", "relais.example"),
        ("WHATSAPP_APP_ID", "my-app"),
        ("SMTP_URL", "mail.example.com:587"),
        ("EMAIL_FROM", "Kimia at home"),
        ("UNSUBSCRIBE_SECRETS", "short,shorter"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=name) as refused:
        load()
    assert value == "" or f" {value} " not in f" {refused.value} "


def test_emails_without_a_sender_or_an_address_to_leave_at_are_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtps://kimia:a-password@mail.example.com")
    with pytest.raises(BadSettings, match="EMAIL_FROM"):
        load()
    monkeypatch.setenv("EMAIL_FROM", "Kimia <bonjour@kimia.example>")
    assert "a-password" not in repr(load())
    monkeypatch.setenv("PUBLIC_HOST", "0.0.0.0")
    with pytest.raises(BadSettings, match="PUBLIC_URL"):
        load()


def test_the_secrets_of_the_example_are_refused_for_the_real_whatsapp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHATSAPP_TOKEN", "local-only-whatsapp-token")
    load()
    monkeypatch.setenv("WHATSAPP_BASE_URL", "https://graph.facebook.com")
    with pytest.raises(BadSettings, match=r"WHATSAPP_TOKEN.*\.env\.example"):
        load()


@pytest.mark.parametrize("name", ["PUBLIC_HOST", "PRIVATE_HOST"])
def test_the_secrets_of_the_example_are_refused_where_others_can_reach_us(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHATSAPP_TOKEN", "local-only-whatsapp-token")
    monkeypatch.setenv(name, "0.0.0.0")
    with pytest.raises(BadSettings, match="WHATSAPP_TOKEN"):
        load()


def test_every_setting_of_the_server_stands_in_the_example() -> None:
    from server.settings import Settings

    names = {line.split("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line[:40]}
    assert {name.upper() for name in Settings.model_fields} <= names


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"slug": "Kimia!"}, "slug"),
        ({"timezone": "Africa/Nowhere"}, "timezone"),
        ({"support_number": "06 500"}, "support_number"),
        ({"default_language": "de"}, "default_language"),
        ({"hours": {"mon": "8-19"}}, "hours"),
        ({"hours": {"mon": "25:00-26:00"}}, "hours"),
        ({"hours": {"lun-ven": "08:00-19:00"}}, "hours"),
        ({"numbers": []}, "numbers"),
        ({"colour": "green"}, "colour"),
    ],
)
def test_a_mistake_in_business_yml_is_named(change: dict[str, object], problem: str, tmp_path: Path) -> None:
    document = yaml.safe_load((ROOT / "business.yml").read_text())
    document["businesses"][0] |= change
    file = tmp_path / "business.yml"
    file.write_text(yaml.safe_dump(document))
    with pytest.raises(BadBusinessFile, match=problem):
        read(file)


def test_a_number_belongs_to_one_business(tmp_path: Path) -> None:
    document = yaml.safe_load((ROOT / "business.yml").read_text())
    document["businesses"][1]["numbers"] = document["businesses"][0]["numbers"]
    file = tmp_path / "business.yml"
    file.write_text(yaml.safe_dump(document))
    with pytest.raises(BadBusinessFile, match="100000000000001 stands twice"):
        read(file)


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("to +242 06 123 45 67 now", "to [number] now"),
        ("242061234567", "[number]"),
        ("wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI3MEM2RUJFNkI0REE=", "[wamid]"),
        ("0190163d-8694-739b-aea5-966c26f8ad91", "0190163d-8694-739b-aea5-966c26f8ad91"),
        ("answered 500 in 12 ms", "answered 500 in 12 ms"),
    ],
)
def test_numbers_never_reach_a_log(said: str, logged: str) -> None:
    assert mask(structlog.get_logger(), "info", {"event": said})["event"] == logged


@pytest.mark.slow
def test_a_taken_port_is_named_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = _environment(tmp_path, PUBLIC_PORT=port)
        ended = subprocess.run(
            [ROOT / "relais", "serve"], env=environment, capture_output=True, text=True, timeout=30, check=False
        )
    assert ended.returncode == 1
    assert "PUBLIC_PORT" in ended.stderr
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_sqlite_has_one_owner(tmp_path: Path) -> None:
    import fcntl

    def ended(*command: str, folder: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        ports = {"PUBLIC_PORT": str(_free_port()), "PRIVATE_PORT": str(_free_port())}
        return subprocess.run(
            [ROOT / "relais", *command],
            env=_environment(folder, **ports),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    assert ended("migrate").returncode == 0
    with (tmp_path / "relais.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = ended("serve")
    assert (second.returncode, "Another `relais serve`" in second.stderr) == (1, True)
    apart = ended("worker")
    assert (apart.returncode, "On SQLite one process does everything" in apart.stderr) == (1, True)
    unmigrated = ended("serve", folder=tmp_path / "elsewhere")
    assert (unmigrated.returncode, "./relais migrate" in unmigrated.stderr) == (1, True)


@pytest.mark.parametrize(
    "command",
    [
        *([], ["serve"], ["web"], ["worker"], ["migrate"], ["welcome"]),
        *(["turns"], ["turns", "parked"], ["turns", "retry"]),
        *(["handoffs"], ["handoffs", "list"], ["handoffs", "close"]),
        *(["person"], ["person", "export"], ["person", "erase"], ["person", "erasures"]),
    ],
)
def test_every_command_explains_itself_with_an_example(command: list[str]) -> None:
    told = CliRunner().invoke(relais, [*command, "--help"])
    assert told.exit_code == 0
    assert "Example" in told.output or not command


def _environment(folder: Path, **more: str) -> dict[str, str]:
    """For a process of its own: DATABASE_URL is named, so that nobody's .env decides where it writes."""
    database = f"sqlite:///{folder}/relais.db"
    return {"PATH": os.environ["PATH"], **GOOD, "VAR_DIR": str(folder), "DATABASE_URL": database, **more}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
