"""What one worker finds out about a provider all workers heed, and one of them tries."""

import asyncio
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from channels.failures import Remedy
from notifications.outages import FORGOTTEN_SECONDS, Kind, Known, Outages, known
from notifications.providers.routing import ProviderRouter
from notifications.tables import outages
from storage.clock import database_now
from storage.database import Database
from tests.notifications.post_office import PostOffice, no
from tests.notifications.providers.test_routing import Scripted, message_of


class Undone(Exception):
    """A claim that broke."""


@dataclass
class Workers:
    """Several on one database, each with a memory of its own; time passes for all of them."""

    database: Database
    now: float = 1000.0
    all: list[Outages] = field(default_factory=list)

    def another(self) -> Outages:
        self.all.append(Outages(lambda: self.now))
        return self.all[-1]

    async def share(self) -> None:
        for each in self.all:
            await self.shared_by(each)

    async def shared_by(self, one: Outages) -> None:
        one.committed(await self.database.write(one.share))

    async def share_in_vain(self, one: Outages) -> None:
        """What a worker tells is undone with the claim that it was part of."""
        with pytest.raises(Undone):
            await self.database.write(_undone, one)

    async def later(self, seconds: float) -> None:
        """The database's clock cannot be moved, so what waits by it is."""
        self.now += seconds
        await self.database.write(_age, seconds)

    async def known(self) -> list[Known]:
        return list(await self.database.read(known))


def _age(connection: sa.Connection, seconds: float) -> None:
    for row in connection.execute(sa.select(outages.c.kind, outages.c.name, outages.c.probe_at)).all():
        left = row.probe_at - connection.execute(sa.select(database_now())).scalar_one()
        then = database_now(left.total_seconds() - seconds)
        is_it = outages.c.kind == row.kind, outages.c.name == row.name
        connection.execute(sa.update(outages).where(*is_it).values(probe_at=then))


def _undone(connection: sa.Connection, one: Outages) -> None:
    one.share(connection)
    raise Undone


@pytest.fixture
def workers(database: Database) -> Workers:
    return Workers(database)


async def test_what_one_worker_learns_all_heed_and_a_new_one_too(workers: Workers) -> None:
    one, other = workers.another(), workers.another()
    for _ in range(5):
        one.of(Kind.CHANNEL, "sms").failed("Twilio does not answer.")
    await workers.share()

    assert not other.of(Kind.CHANNEL, "sms").is_over
    started_anew = workers.another()
    await workers.share()
    assert not started_anew.of(Kind.CHANNEL, "sms").is_over
    (outage,) = await workers.known()
    assert (outage.kind, outage.name, outage.reason) == (Kind.CHANNEL, "sms", "Twilio does not answer.")


async def test_one_message_tries_over_all_workers_and_ends_it_for_all(workers: Workers) -> None:
    several = [workers.another() for _ in range(3)]
    for _ in range(5):
        several[0].of(Kind.CHANNEL, "sms").failed()
    await workers.share()
    assert [each.of(Kind.CHANNEL, "sms").may_try for each in several] == [False] * 3

    await workers.later(1.1)
    await asyncio.gather(*(workers.shared_by(each) for each in several))
    (trying,) = [each.of(Kind.CHANNEL, "sms") for each in several if each.of(Kind.CHANNEL, "sms").may_try]
    trying.trying()
    assert not trying.may_try
    await workers.share()
    assert not any(each.of(Kind.CHANNEL, "sms").may_try for each in several)

    trying.passed()
    await workers.share()
    await workers.share()
    assert all(each.of(Kind.CHANNEL, "sms").is_over for each in several)
    assert await workers.known() == []


async def test_the_rest_grows_with_each_try_whoever_makes_it(workers: Workers) -> None:
    one, other = workers.another(), workers.another()
    one.of(Kind.REFUSED, "twilio").failed("Suspended.")
    rests = []
    for _ in range(3):
        await workers.share()
        rests.append(round(other.of(Kind.REFUSED, "twilio").seconds_left()))
        await workers.later(rests[-1] + 0.5)
        await workers.share()
        for each in (one, other):
            each.of(Kind.REFUSED, "twilio").is_wanted = True
        await workers.share()
        (trying,) = [each for each in (one, other) if each.of(Kind.REFUSED, "twilio").may_try]
        trying.of(Kind.REFUSED, "twilio").trying()
        trying.of(Kind.REFUSED, "twilio").failed("Still suspended.")

    assert rests == [5, 10, 20]


async def test_who_died_while_trying_leaves_the_turn_to_another(workers: Workers) -> None:
    dying, other = workers.another(), workers.another()
    for _ in range(5):
        dying.of(Kind.CHANNEL, "sms").failed()
    await workers.share()
    await workers.later(1.1)
    await workers.share()
    workers.all.remove(dying)
    await workers.share()
    assert not other.of(Kind.CHANNEL, "sms").may_try

    await workers.later(16)
    await workers.share()
    assert other.of(Kind.CHANNEL, "sms").may_try


async def test_an_outage_is_told_though_the_claim_that_first_told_it_was_undone(workers: Workers) -> None:
    one, other = workers.another(), workers.another()
    for _ in range(5):
        one.of(Kind.CHANNEL, "sms").failed("Twilio does not answer.")
    await workers.share_in_vain(one)
    assert await workers.known() == []
    assert not one.of(Kind.CHANNEL, "sms").is_over

    await workers.share()
    assert not one.of(Kind.CHANNEL, "sms").is_over
    assert not other.of(Kind.CHANNEL, "sms").is_over
    assert [each.name for each in await workers.known()] == ["sms"]


async def test_an_end_is_told_though_the_claim_that_first_told_it_was_undone(workers: Workers) -> None:
    one, other = workers.another(), workers.another()
    for _ in range(5):
        one.of(Kind.CHANNEL, "sms").failed()
    await workers.share()
    await workers.later(1.1)
    await workers.shared_by(one)
    one.of(Kind.CHANNEL, "sms").trying()
    one.of(Kind.CHANNEL, "sms").passed()
    await workers.share_in_vain(one)

    await workers.share()
    assert await workers.known() == []
    assert [each.of(Kind.CHANNEL, "sms").is_over for each in (one, other)] == [True, True]


async def test_a_failure_that_comes_while_others_are_told_of_an_end_is_told_next(workers: Workers) -> None:
    one, other = workers.another(), workers.another()
    of_one = one.of(Kind.REFUSED, "twilio")
    of_one.failed("Suspended.")
    await workers.share()
    of_one.passed()
    told = await workers.database.write(one.share)
    of_one.failed("Suspended again.")
    one.committed(told)

    await workers.share()
    assert [each.reason for each in await workers.known()] == ["Suspended again."]
    assert not other.of(Kind.REFUSED, "twilio").is_over


async def test_a_provider_that_nobody_wants_to_try_any_more_is_forgotten(workers: Workers) -> None:
    workers.another().of(Kind.REFUSED, "ovh").failed("No credits.")
    await workers.share()
    await workers.later(FORGOTTEN_SECONDS + 10)
    assert await workers.known() == []

    again = workers.another()
    await workers.share()
    assert again.of(Kind.REFUSED, "ovh").is_over
    again.of(Kind.REFUSED, "ovh").failed("No credits again.")
    await workers.share()
    assert [each.reason for each in await workers.known()] == ["No credits again."]


async def test_an_account_that_one_worker_s_message_finds_refused_is_asked_by_no_other(workers: Workers) -> None:
    first, second = Scripted("first"), Scripted("second")
    first.answers.append(Remedy.STOP_PROVIDER)
    routers = [ProviderRouter([first, second], lambda: workers.now, workers.another()) for _ in range(2)]
    await routers[0].deliver(message_of("1"))
    await workers.share()

    assert (await routers[1].deliver(message_of("2"))).provider == "second"
    await workers.later(5.1)
    await workers.share()
    for router in routers:
        await router.deliver(message_of("3"))
    assert first.asked == ["1", "3"]
    await workers.share()
    await workers.share()
    for router in routers:
        assert (await router.deliver(message_of("4"))).provider == "first"


async def test_a_channel_that_one_worker_found_away_is_taken_by_no_other(database: Database) -> None:
    one, other = PostOffice(database), PostOffice(database)
    one.graph.answer = no(131016, status=503)
    for index in range(5):
        await one.queue(await one.person(whatsapp=f"24206100000{index}"))
    await one.send()
    await one.share()
    await other.share()
    waiting = await one.queue(await one.person(whatsapp="242061000009"))
    await other.send()

    assert (await one.row(waiting)).status == "queued"
    assert other.graph.asked == []
