"""Numbers and templates are asked about every quarter of an hour, by one process; an outage waits for the next time."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL

from channels.whatsapp.templates.files import read_folder
from notifications.account_watch import AccountWatch, claim_due
from notifications.tables import number_health, templates
from server.settings import ROOT
from storage.clock import database_now
from storage.database import Database, open_database
from tests.channels.whatsapp.small_account import SmallAccount, refusal, template
from tests.notifications.kimia import KIMIA_ACCOUNT, KIMIA_NUMBER
from tests.waiting import until

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OURS = read_folder(Path(ROOT / "templates")).definitions


def watch(database: Database, account: SmallAccount) -> AccountWatch:
    return AccountWatch(
        database=database, management=account.management(), definitions=lambda slug: OURS, clock=lambda: NOW
    )


async def statuses(database: Database) -> list[tuple[str, str]]:
    query = sa.select(templates.c.name, templates.c.status).order_by(templates.c.name)
    return [(row.name, row.status) for row in await database.read(lambda c: c.execute(query).all())]


async def test_what_meta_says_of_numbers_and_templates_is_kept(database: Database) -> None:
    account = SmallAccount(templates=[template(), template("promo", id="5", status="PAUSED")])

    assert await watch(database, account).look() == 2

    assert await statuses(database) == [("mission_reminder", "APPROVED"), ("promo", "PAUSED")]
    quality = sa.select(number_health.c.quality).where(number_health.c.phone_number_id == KIMIA_NUMBER)
    assert await database.read(lambda connection: connection.scalar(quality)) == "GREEN"


async def test_nothing_is_asked_twice_before_it_is_due(database: Database) -> None:
    account = SmallAccount()
    one, other = watch(database, account), watch(database, account)

    assert await one.look() == 2
    asked = len(account.asked)
    assert await other.look() == 0
    assert len(account.asked) == asked

    await database.write(lambda c: c.execute(sa.update(number_health).values(check_at=database_now(-1))))
    assert await other.look() == 2


async def test_of_two_processes_one_asks(postgresql_address: URL) -> None:
    first, second = open_database(postgresql_address), open_database(postgresql_address)
    try:
        taken = await asyncio.gather(*(each.write(claim_due, NOW, 900.0) for each in (first, second)))
        assert sorted(len(each) for each in taken) == [0, 2]
    finally:
        await first.close()
        await second.close()


async def test_an_error_about_one_thing_does_not_hide_the_others(database: Database) -> None:
    account = SmallAccount(templates=[template()], refuse={KIMIA_NUMBER: [refusal(190, 401)]})

    await watch(database, account).look()

    assert await statuses(database) == [("mission_reminder", "APPROVED")]
    assert f"{KIMIA_ACCOUNT}/message_templates" in account.paths("GET")


async def test_it_runs_until_it_is_stopped(database: Database) -> None:
    account = SmallAccount()
    watching = watch(database, account)
    running = asyncio.create_task(watching.run())

    async def has_asked() -> bool:
        return KIMIA_NUMBER in account.paths("GET")

    await until(has_asked)
    watching.stop()
    await asyncio.wait_for(running, 5)


async def test_who_is_told_to_stop_asks_nothing_more(database: Database) -> None:
    account = SmallAccount()
    stopped = watch(database, account)
    stopped.stop()

    await stopped.look()

    assert await statuses(database) == []
