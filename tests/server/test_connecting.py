"""`relais whatsapp connect` and `health`: each thing a real number needs is checked, done where it may be, and said."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from channels.whatsapp.graph import OneToken
from notifications.tables import number_health
from server.accounts import Meta
from server.businesses import Number
from server.connecting import Connecting, Wishes
from server.public import public_app
from tests.asgi_transport import AsgiTransport
from tests.channels.whatsapp.cast import GRACE, KIMIA, KIMIA_ACCOUNT
from tests.channels.whatsapp.small_account import (
    APP,
    APP_SECRET,
    CALLBACK,
    TOKEN,
    SmallAccount,
    number,
    refusal,
)
from tests.house import House, open_house, settings_for
from tests.server.account_server import Command

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OURS = Number(phone_number_id=KIMIA, display_number="+242 06 500 00 01", waba_id=KIMIA_ACCOUNT)
READY: dict[str, Any] = {
    "whatsapp_app_id": APP,
    "whatsapp_app_secret": APP_SECRET,
    "whatsapp_base_url": "https://graph.example",
    "public_url": "https://relais.example",
}


class Desk:
    """A number, its account at Meta, and the server that Meta would call."""

    def __init__(self, house: House, account: SmallAccount) -> None:
        self.house = house
        self.account = account
        self.there = AsgiTransport(public_app(house.parts))

    async def connect(self, ours: Number = OURS, **wishes: Any) -> dict[str, str]:
        """Every step's words, by the step; several of one step in lines."""
        meta = Meta(
            transport=self.there,
            tokens=OneToken(TOKEN),
            graph=self.account.graph(),
            management=self.account.management(),
        )
        told: dict[str, str] = {}
        async for check in Connecting(self.house.parts.settings, meta, ours, Wishes(**wishes), NOW).steps():
            line = f"{check.grade} {check.words}"
            told[check.step] = f"{told[check.step]}\n{line}" if check.step in told else line
        return told


type MakeDesk = Callable[..., Desk]


@pytest.fixture
async def desk_with(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[MakeDesk]:
    opened: list[House] = []

    def make(**changes: Any) -> Desk:
        opened.append(open_house(settings_for(sqlite_address, tmp_path, **{**READY, **changes})))
        return Desk(opened[-1], SmallAccount(apps=[{"id": APP}]))

    yield make
    for house in opened:
        await house.public.aclose()
        await house.private.aclose()
        await house.parts.close()


@pytest.fixture
def desk(desk_with: MakeDesk) -> Desk:
    return desk_with()


async def test_a_number_that_has_everything_is_told_so(desk: Desk) -> None:
    told = await desk.connect()

    assert {step for step, words in told.items() if "✗" in words} == set()
    assert list(told) == [
        "settings", "app secret", "token", "webhook", "signature", "number", "registration", "name", "subscription",
        "callback", "sending", "limit", "payment", "profile",
    ]  # fmt: skip
    assert told["limit"].startswith("– 2,000 people in 24 hours")
    assert desk.account.paths("POST") == []


def soon() -> int:
    return int((NOW + timedelta(days=3)).timestamp())


@pytest.mark.parametrize(
    ("changes", "step", "words"),
    [
        ({"token": {"is_valid": False, "error": {"message": "Session has expired"}}}, "token", "Session has expired"),
        ({"token": {"app_id": "9"}}, "token", "belongs to another app"),
        ({"token": {"scopes": ["whatsapp_business_messaging"]}}, "token", "lacks whatsapp_business_management"),
        (
            {"token": {"granular_scopes": [{"scope": "whatsapp_business_messaging", "target_ids": ["9"]}]}},
            "token",
            f"does not reach account {KIMIA_ACCOUNT}",
        ),
        ({"token": {"expires_at": soon()}}, "token", "expires on 2026-11-24"),
        ({"number": {"id": "999"}}, "number", "Meta does not know the object"),
        ({"number": {"display_phone_number": "+242 06 999 99 99"}}, "number", "one of the two is wrong"),
        ({"number": {"status": "PENDING"}}, "registration", "--pin and six digits"),
        ({"number": {"platform_type": "ON_PREMISE"}}, "registration", "--pin"),
        ({"number": {"name_status": "DECLINED"}}, "name", "Meta says DECLINED"),
        ({"number": {"webhook_configuration": {}}}, "callback", "Meta shows none"),
        (
            {"number": {"webhook_configuration": {"application": "https://old.example/hook"}}},
            "callback",
            "another address",
        ),
        (
            {"number": {"webhook_configuration": {"application": CALLBACK, "phone_number": "https://old.example/"}}},
            "callback",
            "another address",
        ),
        ({"number": {"quality_rating": "RED"}}, "sending", "stop marketing"),
        (
            {
                "number": {
                    "health_status": {
                        "can_send_message": "BLOCKED",
                        "entities": [
                            {"entity_type": "WABA", "errors": [{"error_code": 141006, "error_description": "No card"}]}
                        ],
                    }
                }
            },
            "sending",
            r"nothing: No card \(141006\)",
        ),
    ],
    ids=str,
)
async def test_what_is_wrong_is_said(changes: dict[str, dict[str, Any]], step: str, words: str, desk: Desk) -> None:
    desk.account.token |= changes.get("token", {})
    desk.account.number |= changes.get("number", {})

    told = await desk.connect(check_only=True)

    assert "✗" in told[step]
    assert re.search(words, told[step])


async def test_a_number_of_another_account_is_found_out(desk: Desk) -> None:
    edge = f"{KIMIA_ACCOUNT}/phone_numbers"
    desk.account.refuse[edge] = [(200, {"data": [number(id="100000000000009")]})]

    assert "correct its waba_id" in (await desk.connect())["number"]


@pytest.mark.parametrize("code", [1, 101, 190])
async def test_a_wrong_app_secret_is_told_from_a_wrong_token(code: int, desk: Desk) -> None:
    desk.account.refuse["debug_token"] = [refusal(code) for _ in range(3)]

    assert (await desk.connect())["app secret"].startswith("✗ Meta refuses WHATSAPP_APP_ID with WHATSAPP_APP_SECRET")


async def test_the_app_is_subscribed_unless_one_only_checks(desk: Desk) -> None:
    desk.account.apps.clear()

    assert (await desk.connect(check_only=True))["subscription"].startswith("✗")
    assert desk.account.apps == []
    assert "now subscribed" in (await desk.connect())["subscription"]
    assert desk.account.apps == [{"id": APP}]


async def test_a_number_is_registered_with_a_pin(desk: Desk) -> None:
    desk.account.number["status"] = "PENDING"

    assert (await desk.connect(pin="123456"))["registration"].startswith("✓ registered")
    assert (await desk.connect())["registration"] == "✓ it speaks through the Cloud API"


async def test_an_override_sends_the_account_s_webhooks_here(desk: Desk) -> None:
    await desk.connect(override=True)

    assert ("POST", f"{KIMIA_ACCOUNT}/subscribed_apps") in {(method, path) for method, path, _, _ in desk.account.asked}
    assert desk.account.apps[-1]["override_callback_uri"] == CALLBACK


async def test_a_test_message_is_a_template_that_anybody_may_get(desk: Desk) -> None:
    told = await desk.connect(send_to=GRACE)
    (sent,) = [document for method, path, _, document in desk.account.asked if path == f"{KIMIA}/messages"]
    assert told["test message"].startswith("✓")
    assert (sent["to"], sent["template"]["name"]) == (GRACE, "hello_world")

    desk.account.refuse[f"{KIMIA}/messages"] = [refusal(132001)]
    told = await desk.connect(send_to=GRACE)
    assert "No approved template" in told["test message"]
    assert GRACE not in str(told)


async def test_the_public_address_is_tried_as_meta_would(desk_with: MakeDesk) -> None:
    desk = desk_with()
    desk.there.is_away = True
    assert (await desk.connect())["webhook"].startswith(f"✗ {CALLBACK} does not answer")

    other = desk_with(whatsapp_verify_token="another-word-for-tests", whatsapp_app_secret="another-secret-for-tests")
    desk.there = other.there
    told = await desk.connect()
    assert "another WHATSAPP_VERIFY_TOKEN" in told["webhook"]
    assert "gets 401" in told["signature"]

    elsewhere = desk_with(public_url="https://relais.example/elsewhere")
    assert "answers 404" in (await elsewhere.connect())["webhook"]


async def test_what_cannot_be_checked_is_said_and_is_no_failure(desk_with: MakeDesk) -> None:
    told = await desk_with(whatsapp_app_id=None, public_url=None).connect()

    assert told["token"].startswith("– not examined: set WHATSAPP_APP_ID")
    assert told["webhook"].startswith("– not tried: set PUBLIC_URL")
    assert told["callback"].startswith("– PUBLIC_URL is not set")


async def test_example_values_are_not_good_enough_for_the_real_whatsapp(desk_with: MakeDesk) -> None:
    desk = desk_with(whatsapp_verify_token="local-only-verify-token")

    assert "WHATSAPP_VERIFY_TOKEN still has the value of .env.example" in (await desk.connect())["settings"]


async def test_a_number_without_an_account_says_what_to_add(desk: Desk) -> None:
    told = await desk.connect(OURS.model_copy(update={"waba_id": None}))

    assert "✗ the number has no waba_id in business.yml" in told["settings"]
    assert "subscription" not in told


def test_the_command_checks_and_fails_where_something_is_wrong(command: Command) -> None:
    command.account.apps.append({"id": APP})
    good = command("whatsapp", "connect", "--check", "--business", "kimia")
    assert (good.exit_code, "✓ registration" in good.output) == (0, True)

    command.account.number["quality_rating"] = "RED"
    bad = command("whatsapp", "connect", "--check", "--number", KIMIA)
    assert (bad.exit_code, "✗ sending: its quality is RED" in bad.output) == (1, True)
    assert command("whatsapp", "connect", "--pin", "12").exit_code == 2
    assert command("whatsapp", "connect", "--number", "9").exit_code == 1
    assert "500 00 01" not in bad.output


def test_the_health_of_numbers_is_asked_kept_and_said(command: Command, tmp_path: Path) -> None:
    good = command("whatsapp", "health", "--business", "kimia")
    assert good.exit_code == 0
    assert "status CONNECTED, quality GREEN, limit TIER_2K, throughput STANDARD, name APPROVED" in good.output

    command.account.number |= {"quality_rating": "YELLOW"}
    assert command("whatsapp", "health", "--business", "kimia", "--stored").exit_code == 0
    bad = command("whatsapp", "health", "--business", "kimia")
    assert (bad.exit_code, "✗ its quality is YELLOW" in bad.output) == (1, True)
    with sa.create_engine(f"sqlite:///{tmp_path}/relais.db").connect() as connection:
        assert connection.scalar(sa.select(number_health.c.quality)) == "YELLOW"

    command.account.refuse[KIMIA] = [refusal(190, 401)]
    away = command("whatsapp", "health", "--business", "kimia")
    assert (away.exit_code, f"Not asked: {KIMIA}: (190)" in away.output) == (1, True)


@pytest.mark.parametrize("name", ["connect", "health"])
def test_every_command_explains_itself_with_an_example(name: str, command: Command) -> None:
    assert "Example: ./relais whatsapp" in command("whatsapp", name, "--help").output
