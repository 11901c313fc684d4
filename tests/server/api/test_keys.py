"""API keys: shown once, for one business, with scopes; revoked and rotated without anything of them being kept."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.engine import URL

from notifications import access
from notifications.access import Scope, allows
from notifications.tables import api_keys
from server.__main__ import relais
from server.commands import database
from server.parts import utc_now
from tests.house import SECRET, House, open_house, settings_for
from tests.server.api.shop import Shop, shop_of
from tests.waiting import until


async def test_a_key_opens_what_its_scopes_say(house: House) -> None:
    reader = await shop_of(house, Scope.MESSAGES_READ)

    assert (await reader.get("/v1/messages")).status_code == 200

    refused = await reader.post("/v1/messages/0190163d-8694-739b-aea5-966c26f8ad91/cancel")
    assert refused.status_code == 403
    assert refused.json()["scope"] == "messages:write"
    assert refused.json()["type"] == "/api/problems/missing-scope"


@pytest.mark.parametrize(
    ("scopes", "wanted", "may"),
    [
        ({"messages:read"}, Scope.MESSAGES_READ, True),
        ({"messages:write"}, Scope.MESSAGES_READ, True),
        ({"messages:read"}, Scope.MESSAGES_WRITE, False),
        ({"admin"}, Scope.HOOKS_WRITE, True),
        ({"notify"}, Scope.EVENTS, False),
        (set(), Scope.NOTIFY, False),
    ],
)
def test_writing_includes_reading_and_admin_everything(scopes: set[str], wanted: Scope, may: bool) -> None:
    assert allows(scopes, wanted) is may


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer rk_live_unknown", "Basic cms6cms=", "rk_live_x", "Bearer \xe9", f"bearer x{SECRET}"],
)
async def test_nobody_else_gets_in(small_house: House, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.encode("latin-1").decode("latin-1")}

    answer = await small_house.private.get(
        "/v1/messages", headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
    )

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_key_that_expired_or_was_revoked_opens_nothing(house: House) -> None:
    late = await shop_of(house, expires_at=utc_now() - timedelta(seconds=1))
    assert (await late.get("/v1/messages")).status_code == 401

    shop = await shop_of(house)
    assert (await shop.get("/v1/messages")).status_code == 200
    await house.parts.database.write(access.revoke, shop.key.prefix, utc_now())

    async def is_shut() -> bool:
        return (await shop.get("/v1/messages")).status_code == 401

    # Within the two seconds for which a key is believed.
    await until(is_shut, 5)


async def test_a_key_may_name_its_own_business_and_no_other(house: House) -> None:
    shop = await shop_of(house)

    assert (await shop.get("/v1/messages", headers={"Relais-Business": "kimia"})).status_code == 200
    assert (await shop.get("/v1/messages", headers={"Relais-Business": "jasmin"})).status_code == 403


async def test_the_operator_acts_for_the_business_they_name(house: House) -> None:
    ours = {"Authorization": f"Bearer {SECRET}"}
    path = "/v1/messages/0190163d-8694-739b-aea5-966c26f8ad91/cancel"

    async def cancel(business: str | None) -> int:
        named = {} if business is None else {"Relais-Business": business}
        return (await house.private.post(path, headers={**ours, **named})).status_code

    assert await cancel("kimia") == 404
    assert await cancel(None) == 422
    assert (await house.private.get("/v1/messages", headers={**ours, "Relais-Business": "nobody"})).status_code == 404


async def test_its_use_is_kept_to_the_minute(house: House) -> None:
    shop = await shop_of(house)
    for _ in range(3):
        await shop.get("/v1/messages")

    (row,) = await house.rows(api_keys)
    first = row.last_used_at
    assert first is not None

    await house.parts.database.write(access.used, shop.key.id, first + timedelta(seconds=59))
    assert (await house.rows(api_keys))[0].last_used_at == first
    await house.parts.database.write(access.used, shop.key.id, first + timedelta(seconds=61))
    assert (await house.rows(api_keys))[0].last_used_at > first


async def test_a_rotated_key_is_followed_by_one_that_may_do_the_same(house: House) -> None:
    shop = await shop_of(house, Scope.MESSAGES_READ, is_test=True)
    now = utc_now()

    new, secret = await house.parts.database.write(access.rotate, shop.key.id, timedelta(hours=2), now)

    assert (new.scopes, new.is_test, new.business_id) == (shop.key.scopes, True, shop.key.business_id)
    assert (await Shop(house, new, secret).get("/v1/messages")).status_code == 200
    assert (await shop.get("/v1/messages")).status_code == 200
    old = await house.parts.database.read(access.named, shop.key.prefix)
    assert old.expires_at == now + timedelta(hours=2)


def test_the_operator_makes_lists_rotates_and_revokes_them(
    sqlite_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(sqlite_address, tmp_path)
    monkeypatch.setattr(database, "configured", lambda: settings)

    def run(*words: str) -> str:
        return CliRunner().invoke(relais, ["keys", *words]).output

    assert "There are no keys" in run("list")
    made = run("create", "--business", "kimia", "--name", "shop", "--scope", "notify", "--expires", "2999-01-01")
    secret = made.splitlines()[0]
    assert secret.startswith("rk_live_")
    assert "notify" in made

    shown = run("list", "--business", "kimia")
    assert secret[:16] in shown
    assert secret not in shown
    assert "valid until 2999-01-01" in shown
    assert "never used" in shown
    assert secret.encode() not in b"".join(file.read_bytes() for file in tmp_path.glob("relais.db*"))

    rotated = run("rotate", secret[:16]).splitlines()[0]
    assert rotated != secret
    assert "opens nothing" in run("revoke", rotated[:16])
    assert f"revoked {datetime.now(UTC):%Y-%m-%d}" in run("list")
    assert "is revoked" in run("rotate", rotated[:16])
    assert "rk_test_" in run("create", "--business", "jasmin", "--name", "t", "--scope", "admin", "--test")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["create", "--business", "kima", "--name", "x", "--scope", "notify"], "there are: jasmin, kimia"),
        (["create", "--business", "kimia", "--name", "x", "--scope", "everything"], "is not one of"),
        (["create", "--business", "kimia", "--name", "x", "--scope", "notify", "--expires", "2020-01-01"], "to come"),
        (["revoke", "rk_live_none"], "`./relais keys list` tells"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    sqlite_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    settings = settings_for(sqlite_address, tmp_path)
    monkeypatch.setattr(database, "configured", lambda: settings)

    done = CliRunner().invoke(relais, ["keys", *words])

    assert sentence in done.output
    assert done.exit_code != 0


def test_the_key_of_one_server_is_known_by_the_next(sqlite_address: URL, tmp_path: Path) -> None:
    async def live() -> None:
        settings = settings_for(sqlite_address, tmp_path)
        house = open_house(settings)
        shop = await shop_of(house)
        await house.stop()
        again = open_house(settings)
        assert (await Shop(again, shop.key, shop.secret).get("/v1/messages")).status_code == 200
        await again.stop()

    asyncio.run(live())
