"""The house tells somebody once when something is wrong, says it again while it lasts, and says when it is over."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from channels.webhook import is_signed_by
from server.alerts import standing
from server.alerts.tables import alert_notices, watch_leases
from server.alerts.telling import signing_secret
from server.watching.readings import Reading
from staff import Role, members
from storage.clock import database_now
from storage.database import Database, open_database
from telemetry import metrics
from tests.server.alerts.watched import JEAN, SECRET, STOPPED, Watched, watching

FIRST = "Relais: Numbers that are refused everything and wait for somebody to act: 2"


@pytest.fixture
async def watched(database: Database) -> AsyncIterator[Watched]:
    async with watching(database) as opened:
        yield opened


async def test_what_is_wrong_for_its_time_is_told_once_by_email_and_by_webhook(watched: Watched) -> None:
    watched.readings = [STOPPED]
    watch = watched.watch()
    await watch.look()
    assert watched.subjects == []

    await watched.lasts(watch, minutes=10)

    assert watched.subjects == [FIRST]
    (email,) = watched.mail.taken
    assert email["To"] == JEAN
    assert "Since 2026-11-22 09:00 (UTC)." in str(email)
    assert "./relais whatsapp health" in str(email)
    ((headers, body),) = watched.hook.taken
    assert is_signed_by(signing_secret(SECRET), headers, body)
    told = json.loads(body)
    assert (told["type"], told["data"]["rule"], told["data"]["value"]) == ("alert.raised", "RelaisStopped", 2)


async def test_what_passes_before_its_time_is_never_told(watched: Watched) -> None:
    watch = watched.watch()
    for _ in range(5):
        watched.readings = [STOPPED]
        await watch.look()
        watched.readings = []
        await watched.lasts(watch, minutes=1)

    assert watched.subjects == []
    assert await watched.rows() == []


async def test_what_comes_and_goes_is_one_alert_and_is_over_when_it_stays_away(watched: Watched) -> None:
    watched.readings = [STOPPED]
    watch = watched.watch()
    await watched.lasts(watch, minutes=3)
    for readings in ([], [STOPPED], [], [STOPPED], []):
        watched.readings = readings
        await watched.lasts(watch, minutes=2)
    assert watched.subjects == [FIRST]

    await watched.lasts(watch, minutes=10)

    assert watched.subjects == [FIRST, FIRST.replace("Relais:", "Relais, over:")]
    (row,) = await watched.rows()
    assert row.over_at is not None


async def test_it_is_said_again_daily_and_weekly_once_somebody_is_on_it(watched: Watched) -> None:
    watched.readings = [STOPPED]
    watch = watched.watch()
    await watched.lasts(watch, minutes=3)

    async def next_day() -> None:
        watched.now += timedelta(days=1)
        await watch.look()

    await next_day()
    assert watched.subjects[1:] == [FIRST.replace("Relais:", "Relais, still:")]

    (row,) = await watched.rows()
    awa = await watched.database.write(
        members.add,
        email="awa@kimia.example",
        name="Awa",
        password_hash=None,
        roles={None: Role.ADMIN},
        now=watched.now,
    )
    assert await watched.database.write(standing.acknowledge, row.id, awa.id, watched.now)
    assert not await watched.database.write(standing.acknowledge, row.id, awa.id, watched.now)
    for _ in range(6):
        await next_day()
    assert len(watched.subjects) == 2
    await next_day()
    assert len(watched.subjects) == 3
    assert "Awa is on it" in str(watched.mail.taken[-1])


async def test_what_nobody_looked_at_did_not_hold(watched: Watched) -> None:
    """The house was off for a night: what was wrong before and is wrong at the start is new."""
    watched.readings = [STOPPED]
    watch = watched.watch()
    await watch.look()
    watched.now += timedelta(hours=8)
    await watch.look()
    assert watched.subjects == []


async def test_who_cannot_be_told_is_tried_again_and_the_others_are_told_at_once(watched: Watched) -> None:
    watched.hook.status = 500
    watched.readings = [STOPPED]
    watch = watched.watch()
    await watched.lasts(watch, minutes=3)
    assert watched.subjects == [FIRST]
    unsent = [row for row in await watched.rows(alert_notices) if row.sent_at is None]
    assert [(row.way, row.problem) for row in unsent] == [("webhook", "The webhook answered 500.")]

    watched.hook.status = 200
    await watched.due_again()
    await watch.look()

    assert len(watched.hook.taken) == 1
    assert watched.subjects == [FIRST]
    assert all(row.sent_at for row in await watched.rows(alert_notices))


async def test_each_of_what_is_wrong_is_an_alert_of_its_own(watched: Watched) -> None:
    watched.readings = [Reading(metrics.PART_AWAY, 1, {"part": part}) for part in ("bot", "backend")]
    await watched.lasts(watched.watch(), minutes=4)

    assert sorted(watched.subjects) == [
        "Relais: A part does not answer: Backend",
        "Relais: A part does not answer: Bot",
    ]


async def test_in_french_too(database: Database) -> None:
    async with watching(database, "fr") as watched:
        watched.readings = [Reading(metrics.TOKEN_LEFT_SECONDS, 3 * 86400)]
        await watched.lasts(watched.watch(), minutes=8)

        assert watched.subjects == ["Relais\u00a0: Le jeton d’accès à WhatsApp expire dans 3\u00a0jours"]
        assert "Que faire\u00a0:" in str(watched.mail.taken[0].get_body(("plain",)).get_content())  # type: ignore[union-attr]


async def test_of_two_processes_one_watches_and_the_other_takes_over_when_it_is_silent(
    postgresql_address: URL,
) -> None:
    first, second = open_database(postgresql_address), open_database(postgresql_address)
    try:
        async with watching(first) as watched:
            watched.readings = [STOPPED]
            one, other = watched.watch(), Watched(second, watched.mail, watched.hook, watched.teller).watch()
            await watched.lasts(one, minutes=3)
            await other.look()  # it sees nothing wrong, and has no say
            assert [row.calm_since for row in await watched.rows()] == [None]
            assert watched.subjects == [FIRST]

            silent = sa.update(watch_leases).values(lease_until=database_now(-1))
            await first.write(lambda connection: connection.execute(silent))
            await other.look()
            assert [row.calm_since is None for row in await watched.rows()] == [False]
    finally:
        await first.close()
        await second.close()


async def test_a_database_that_takes_nothing_is_told_without_it(watched: Watched) -> None:
    watch = watched.watch()
    watched.is_away = True
    await watched.lasts(watch, minutes=5)
    assert watched.subjects == ["Relais: The database takes nothing"]

    watched.is_away = False
    await watched.lasts(watch, minutes=2)
    assert watched.subjects[1:] == ["Relais, over: The database takes nothing"]
    assert [json.loads(body)["type"] for _, body in watched.hook.taken] == ["alert.raised", "alert.over"]
