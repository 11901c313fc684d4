"""`relais whatsapp` and `relais templates` as an operator types them, against the emulator and a real public port."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from click.testing import CliRunner, Result
from sqlalchemy.engine import URL

from channels.whatsapp.emulator.serving import listen
from channels.whatsapp.emulator.testing import Emulator, Options
from server.__main__ import relais
from server.public import public_app
from server.settings import ROOT, Settings
from tests.house import APP_SECRET, GRACE, KIMIA, SECRET, open_house, settings_for

pytestmark = pytest.mark.slow

TOKEN, VERIFY_TOKEN, APP = "a-token-for-tests-only", "a-word-for-tests-only", "200000000000001"
ONE_BUSINESS = ("--business", "kimia")


class Operator:
    """Somebody at the command line of a Relais whose WhatsApp is the emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    async def types(self, *words: str) -> Result:
        """A command starts a loop of its own, so it runs beside ours."""
        return await asyncio.to_thread(CliRunner().invoke, relais, words)

    def decides(self, name: str, language: str, decision: str, **parts: str) -> None:
        templates: list[dict[str, Any]] = self.emulator.api("GET", "templates")["templates"]
        (found,) = (each for each in templates if (each["name"], each["language"]) == (name, language))
        self.emulator.api("POST", f"templates/{found['id']}", {"decide": decision, **parts})


@pytest.fixture
async def public(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a Relais's public port."""
    house = open_house(settings_for(sqlite_address, tmp_path))
    listener = listen(0)
    app = public_app(house.parts)
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task
    await house.public.aclose()
    await house.private.aclose()
    await house.parts.close()


@pytest.fixture
async def operator(
    public: str, sqlite_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Operator]:
    options = Options(
        webhook_url=f"{public}/webhooks/whatsapp",
        token=TOKEN,
        app_secret=APP_SECRET,
        verify_token=VERIFY_TOKEN,
        business_file=ROOT / "business.yml",
    )
    monkeypatch.setattr(Settings, "model_config", {**Settings.model_config, "env_file": None})
    with Emulator(tmp_path, options) as emulator:
        for name, value in {
            "RELAIS_SECRET": SECRET,
            "DATABASE_URL": f"sqlite:///{sqlite_address.database}",
            "VAR_DIR": str(tmp_path),
            "PUBLIC_URL": public,
            "WHATSAPP_BASE_URL": emulator.address,
            "WHATSAPP_TOKEN": TOKEN,
            "WHATSAPP_APP_SECRET": APP_SECRET,
            "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
            "WHATSAPP_APP_ID": APP,
            "LOG_LEVEL": "ERROR",
        }.items():
            monkeypatch.setenv(name, value)
        yield Operator(emulator)
        await asyncio.to_thread(emulator.settle)  # the public port answers in this loop


async def test_a_number_is_connected_step_by_step(operator: Operator) -> None:
    told = await operator.types("whatsapp", "connect", "--check", *ONE_BUSINESS)

    assert told.exit_code == 0, told.output
    assert "✗" not in told.output
    for step in ("app secret", "token", "webhook", "signature", "number", "registration", "subscription", "callback"):
        assert f"✓ {step}: " in told.output


async def test_what_is_missing_is_done_and_only_when_one_may(operator: Operator) -> None:
    operator.emulator.api("POST", f"numbers/{KIMIA}", {"status": "PENDING"})
    unregistered = await operator.types("whatsapp", "connect", "--check", *ONE_BUSINESS)
    assert (unregistered.exit_code, "✗ registration: its status is PENDING" in unregistered.output) == (1, True)

    registered = await operator.types("whatsapp", "connect", "--pin", "246810", *ONE_BUSINESS)
    assert (registered.exit_code, "✓ registration: registered" in registered.output) == (0, True), registered.output
    again = await operator.types("whatsapp", "connect", "--check", *ONE_BUSINESS)
    assert "✓ registration: it speaks through the Cloud API" in again.output


async def test_what_people_see_of_the_business_is_shown_and_changed(operator: Operator) -> None:
    changed = await operator.types(
        "whatsapp", "profile", "--about", "Vos colis, en ville 🛵", "--website", "https://kimia.example", *ONE_BUSINESS
    )
    assert changed.exit_code == 0, changed.output
    shown = await operator.types("whatsapp", "profile", *ONE_BUSINESS)
    assert "about: Vos colis, en ville 🛵" in shown.output
    assert "websites: https://kimia.example" in shown.output

    for words, told in {
        ("--about", "x" * 140): "140 characters; WhatsApp takes 139",
        ("--website", "kimia.example"): "begins with https://",
        (
            "--website",
            "https://a.example",
            "--website",
            "https://b.example",
            "--website",
            "https://c.example",
        ): "2 at most",
    }.items():
        refused = await operator.types("whatsapp", "profile", *words, *ONE_BUSINESS)
        assert (refused.exit_code, told in " ".join(refused.output.split())) == (2, True), refused.output
    assert "x" * 139 not in (await operator.types("whatsapp", "profile", *ONE_BUSINESS)).output


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("WHATSAPP_TOKEN", "another-token-for-tests", "✗ token: Meta says it is not valid"),
        ("WHATSAPP_APP_SECRET", "another-secret-for-tests", "✗ app secret: Meta refuses WHATSAPP_APP_ID"),
        ("WHATSAPP_VERIFY_TOKEN", "another-word-for-tests", "✗ webhook: the server there has another"),
        ("PUBLIC_URL", "http://127.0.0.1:9", "✗ webhook: http://127.0.0.1:9/webhooks/whatsapp does not answer"),
    ],
    ids=["token", "app secret", "verify token", "public address"],
)
async def test_each_failing_step_says_what_is_wrong(
    name: str, value: str, sentence: str, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    told = await operator.types("whatsapp", "connect", "--check", *ONE_BUSINESS)
    assert (told.exit_code, sentence in told.output) == (1, True), told.output
    assert value.startswith("http") or value not in told.output  # no secret is repeated


async def test_templates_go_from_files_to_a_phone(operator: Operator) -> None:
    pushed = await operator.types("templates", "push", *ONE_BUSINESS)
    files = len(list((ROOT / "templates").glob("*.yml")))
    assert (pushed.exit_code, pushed.output.count("created, PENDING")) == (0, files), pushed.output
    for template in operator.emulator.api("GET", "templates")["templates"]:
        operator.emulator.api("POST", f"templates/{template['id']}", {"decide": "approve"})
    operator.decides("promotional_offer", "fr", "reject", reason="PROMOTIONAL")

    status = await operator.types("templates", "status", *ONE_BUSINESS)
    assert (status.exit_code, "REJECTED: PROMOTIONAL" in status.output) == (1, True)
    assert "The files and Meta say the same." in (await operator.types("templates", "diff", *ONE_BUSINESS)).output

    send = ("whatsapp", "connect", "--send-to", GRACE, "--language", "fr", *ONE_BUSINESS, "--template")
    unknown = await operator.types(*send, "nothing")
    assert (unknown.exit_code, "✗ test message: (132001)" in unknown.output) == (1, True)
    unfilled = await operator.types(*send, "payment_reminder")
    assert "another number of parameters than it has" in unfilled.output

    gone = await operator.types("templates", "delete", "promotional_offer", "--all-languages", "--yes", *ONE_BUSINESS)
    assert (gone.exit_code, "deleted in en, fr" in gone.output) == (0, True)


async def test_the_health_of_numbers_is_asked_and_kept(operator: Operator) -> None:
    well = await operator.types("whatsapp", "health", *ONE_BUSINESS)
    assert (well.exit_code, "quality GREEN, limit TIER_250" in well.output) == (0, True), well.output

    operator.emulator.api("POST", f"numbers/{KIMIA}", {"quality_rating": "RED"})
    worrying = await operator.types("whatsapp", "health", *ONE_BUSINESS)
    assert (worrying.exit_code, "✗ its quality is RED" in worrying.output) == (1, True)
    kept = await operator.types("whatsapp", "health", "--stored", *ONE_BUSINESS)
    assert "quality RED" in kept.output
