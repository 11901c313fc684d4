"""Each token is asked about once a day and after a change; its age and its end are told wherever one looks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from channels.whatsapp.graph import OneToken
from server.alerts.standing import broken
from server.token_age import keeping
from server.token_age.keeping import KnownToken
from server.token_age.tables import access_tokens
from server.token_age.watch import TokenWatch
from server.watching import readings
from server.watching.readings import name_of
from storage.clock import database_now
from storage.database import Database
from tests.channels.whatsapp.small_account import APP, APP_SECRET, TOKEN, SmallAccount, refusal

NOW = datetime.now(UTC).replace(microsecond=0)
ISSUED = NOW - timedelta(days=40)


def watch(database: Database, account: SmallAccount, token: str = TOKEN, **changes: Any) -> TokenWatch:
    return TokenWatch(
        database=database,
        management=account.management(),
        tokens=OneToken(token),
        secret="a-secret-for-tests-only",
        clock=lambda: NOW,
        **{"app": (APP, APP_SECRET), **changes},
    )


def account_with(**token: Any) -> SmallAccount:
    account = SmallAccount()
    account.token |= {"issued_at": int(ISSUED.timestamp()), **token}
    return account


async def known(database: Database) -> KnownToken:
    """Of the first of two numbers, which share a token."""
    found = await database.read(keeping.listed)
    assert len({(each.is_valid, each.ends_at, each.problem) for each in found}) == 1
    return found[0]


async def test_its_age_is_kept_and_that_it_never_ends(database: Database) -> None:
    assert await watch(database, account_with()).look() == 1

    token = await known(database)
    assert (token.is_valid, token.issued_at, token.ends_at, token.problem) == (True, ISSUED, None, None)
    told = {name_of(each.gauge): each.value for each in await database.read(readings.read)}
    assert told["relais_token_left_seconds"] == float("inf")
    assert told["relais_token_age_seconds"] == pytest.approx(40 * 86400, abs=600)


async def test_it_is_asked_about_once_a_day_and_at_once_when_it_is_another_one(database: Database) -> None:
    account = account_with()
    assert await watch(database, account).look() == 1
    assert await watch(database, account).look() == 0
    assert await watch(database, account, token="a-newer-token-for-tests").look() == 1
    yesterday = sa.update(access_tokens).values(ask_at=database_now(-1))
    await database.write(lambda connection: connection.execute(yesterday))
    assert await watch(database, account, token="a-newer-token-for-tests").look() == 1
    assert TOKEN not in str(await database.read(lambda c: c.execute(sa.select(access_tokens)).all()))


@pytest.mark.parametrize(
    ("left", "is_wrong"), [(timedelta(days=6), True), (timedelta(days=8), False), (timedelta(days=60), False)]
)
async def test_a_week_before_its_end_somebody_is_told(database: Database, left: timedelta, is_wrong: bool) -> None:
    await watch(database, account_with(expires_at=int((NOW + left).timestamp()))).look()

    found = broken(await database.read(readings.read))
    assert (("RelaisTokenEnds", "") in found) == is_wrong
    assert ("RelaisTokenRefused", "") not in found


async def _ended(account: SmallAccount) -> None:
    account.token |= {"is_valid": False, "error": {"code": 190, "message": "Session has expired."}}


async def _refused(account: SmallAccount) -> None:
    account.refuse["debug_token"] = [refusal(190, 401)]


@pytest.mark.parametrize(("ends", "app"), [(_ended, (APP, APP_SECRET)), (_refused, None)])
async def test_one_that_meta_refuses_is_told_whoever_asks(
    database: Database, ends: Callable[[SmallAccount], Any], app: tuple[str, str] | None
) -> None:
    account = account_with()
    await ends(account)
    await watch(database, account, app=app).look()

    assert (await known(database)).is_valid is False
    assert ("RelaisTokenRefused", "") in broken(await database.read(readings.read))


async def test_a_wrong_app_secret_says_nothing_of_the_token(database: Database) -> None:
    await watch(database, account_with(), app=(APP, "wrong")).look()

    token = await known(database)
    assert token.is_valid is None
    assert token.problem is not None
    assert "(190)" in token.problem
    assert broken(await database.read(readings.read)) == {}
