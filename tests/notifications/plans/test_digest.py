"""A digest tells many things at once: each of them exactly once, whoever comes, stops or dies meanwhile."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from conversations.push_tokens import PushTokens
from notifications.plans import due
from notifications.plans.resuming import resume
from notifications.plans.runner import PlanRunner
from notifications.tables import digest_buckets, messages, notifications
from notifications.triggering import Recipient, Triggered
from notifications.workflows import Workflow
from storage.database import Database
from storage.wakeup import LocalWakeup
from tests.notifications.push_desk import GRACE, PushDesk, workflow
from tests.waiting import until


def gathering(window: str = "10m", **more: Any) -> Workflow:
    text = "{% for each in events %}{{ each.code }} {% endfor %}"
    return workflow(
        payload={
            "code": {"type": "text", "example": "A1"},
            "shop": {"type": "text", "required": False, "example": "Chez Mama"},
        },
        steps=[{"digest": {"key": "payload.shop or 'all'", "window": window, **more}}, {"send": "whatsapp"}],
        contents={"whatsapp": {"text": {"fr": text, "en": text}}},
    )


def told(rows: list[Any]) -> Counter[str]:
    """How often each code was told."""
    return Counter(code for row in rows for code in row.said.split())


async def test_what_comes_while_it_gathers_is_told_once_and_together(database: Database) -> None:
    office = await PushDesk.open(database, gathering())
    first = await office.notify(payload={"code": "a"})
    others = [await office.notify(payload={"code": code}) for code in "bcd"]
    assert (first.state, {each.state for each in others}) == ("active", {"merged"})
    assert await office.walk() == 0

    await office.later(601)
    await office.walk()

    [message] = await office.messages()
    assert message.said == "a b c d"
    assert message.notification_id == first.notification_id
    assert (await office.notification(first)).state == "done"


async def test_each_key_and_person_gathers_apart_and_the_next_one_begins_anew(database: Database) -> None:
    office = await PushDesk.open(database, gathering())
    await office.notify(payload={"code": "a", "shop": "one"})
    await office.notify(payload={"code": "b", "shop": "two"})
    await office.notify("+242061111111", payload={"code": "c", "shop": "one"})
    await office.later(601)
    await office.walk()
    await office.notify(payload={"code": "d", "shop": "one"})
    await office.later(601)
    await office.walk()

    assert sorted(each.said for each in await office.messages()) == ["a", "b", "c", "d"]


async def test_enough_of_them_end_it_early(database: Database) -> None:
    office = await PushDesk.open(database, gathering(most=3))
    for code in "abcde":
        await office.notify(payload={"code": code})

    await office.walk()
    assert [each.said for each in await office.messages()] == ["a b c"]
    await office.later(601)
    await office.walk()
    assert [each.said for each in await office.messages()] == ["a b c", "d e"]


async def test_one_request_may_bring_several(database: Database) -> None:
    office = await PushDesk.open(database, gathering())
    outcomes = await office.notify_many([office.trigger(GRACE, {"code": code}) for code in "abc"])

    assert [each.state for each in outcomes if isinstance(each, Triggered)] == ["active", "merged", "merged"]


async def test_a_trigger_that_is_undone_is_not_told(database: Database) -> None:
    office = await PushDesk.open(database, gathering())

    def work(connection: Connection) -> None:
        office.desk.within(connection, [office.trigger(payload={"code": "b"})])
        raise RuntimeError

    await office.notify(payload={"code": "a"})
    with pytest.raises(RuntimeError):
        await database.write(work)
    await office.later(601)
    await office.walk()
    assert [each.said for each in await office.messages()] == ["a"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["notify", "notify two", "later", "walk", "worker dies"]), max_size=14))
async def test_in_any_order_of_events_nothing_is_lost_or_doubled(database: Database, acts: list[str]) -> None:
    office = await PushDesk.open(database, gathering(most=3))
    given_codes = []
    for number, act in enumerate(acts):
        match act:
            case "notify" | "notify two":
                codes = [f"{id(acts)}-{number}-{part}" for part in range(1 + act.count("two"))]
                await office.notify_many([office.trigger(payload={"code": code}) for code in codes])
                given_codes += codes
            case "later":
                await office.later(350)
            case "walk":
                await office.walk()
            case "worker dies":
                await database.write(due.claim, 100)
    await office.later(700)
    while await office.walk():
        pass

    ours = told(await office.messages())
    assert {code: ours[code] for code in given_codes} == dict.fromkeys(given_codes, 1)


async def test_with_many_workers_and_requests_at_once_nothing_is_lost_or_doubled(database: Database) -> None:
    """Real concurrency: requests, some of them undone, beside two runners and a worker that dies holding leases."""
    office = await PushDesk.open(database, gathering("1s", most=5))
    codes = [f"c{number}" for number in range(60)]

    async def request(code: str, delay: float) -> None:
        await asyncio.sleep(delay)
        await office.notify(payload={"code": code})

    def undone(connection: Connection, code: str) -> None:
        office.desk.within(connection, [office.trigger(payload={"code": f"undone-{code}"})])
        raise RuntimeError

    async def undo(code: str, delay: float) -> None:
        await asyncio.sleep(delay)
        with pytest.raises(RuntimeError):
            await database.write(undone, code)

    async def die() -> None:
        # As often as a plan may fail: it is given up with the next time, whoever dies.
        for _ in range(due.MOST_FAILURES - 1):
            await database.write(due.claim, 2, 0.05)
            await asyncio.sleep(0.1)

    runners = [
        PlanRunner(database=database, wakeup=LocalWakeup(), tokens=PushTokens(), clock=lambda: datetime.now(UTC))
        for _ in range(2)
    ]
    running = [asyncio.create_task(each.run()) for each in runners]
    await asyncio.gather(
        *(request(code, index * 0.04) for index, code in enumerate(codes)),
        *(undo(code, index * 0.2) for index, code in enumerate(codes[:10])),
        die(),
    )

    async def all_told() -> bool:
        n = notifications.c
        return not await office.rows(notifications, n.state == "active")

    await until(all_told)
    for each in runners:
        each.stop()
    await asyncio.gather(*running)

    assert told(await office.rows(messages)) == dict.fromkeys(codes, 1)
    assert await office.rows(digest_buckets, digest_buckets.c.closed_at.is_(None)) == []


async def test_what_expired_while_it_waited_is_left_out(database: Database) -> None:
    office = await PushDesk.open(database, gathering())
    await office.notify(payload={"code": "a"})
    soon = await office.notify(payload={"code": "b"})
    in_time = sa.update(notifications).where(notifications.c.id == soon.notification_id)
    await database.write(lambda connection: connection.execute(in_time.values(expires_at=datetime.now(UTC))))
    await office.later(601)
    await office.walk()

    assert [each.said for each in await office.messages()] == ["a"]


async def test_a_runner_that_is_late_does_not_close_it_twice(database: Database) -> None:
    office = await PushDesk.open(database, gathering())
    await office.notify(payload={"code": "a"})
    await office.later(601)
    [slow] = await database.write(due.claim, 10)
    await office.later(31)
    [other] = await database.write(due.claim, 10)
    await database.write(resume, [other], office.tools.tokens)
    await office.notify(payload={"code": "b"})
    await database.write(resume, [slow], office.tools.tokens)

    assert [each.said for each in await office.messages()] == ["a"]


async def test_two_people_who_become_one_are_told_everything_once(database: Database) -> None:
    office = await PushDesk.open(database, gathering(), workflow("other"))
    by_phone, by_id = Recipient(phone=GRACE), Recipient(id="c-7", phone="+242061111111")
    for code, person in zip("abcd", (by_phone, by_phone, by_id, by_id), strict=True):
        await office.notify(person, {"code": code})
    await office.notify(Recipient(id="c-7", phone=GRACE), key="other")
    await office.notify(by_id, {"code": "e"})
    await office.later(601)
    await office.walk()

    m = messages.c
    rows = [row for row in await office.rows(messages) if row.said != "Colis A1"]
    assert told(rows) == dict.fromkeys("abcde", 1)
    assert len({row.subscriber_id for row in await office.rows(messages, m.origin == "push")}) == 1
