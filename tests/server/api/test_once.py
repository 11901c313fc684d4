"""A request sent again: done once, answered the same; under way, other, refused and forgotten ones are told apart."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.requests import Request

from notifications import idempotency
from notifications.idempotency import Claim, Done, LostClaim, Mismatch, UnderWay
from notifications.tables import idempotency_keys, topics
from server.api.once import Answer, Once
from server.api.problems import Problem
from storage.clock import database_now
from storage.database import Database
from storage.tables import businesses
from storage.types import new_id
from storage.wakeup import LocalWakeup
from tests.house import House
from tests.server.api.shop import shop_of
from tests.waiting import until

NOW = datetime.fromisoformat("2026-11-21T10:00:00+00:00")


@pytest.fixture
async def business(database: Database) -> str:
    found = await database.read(lambda c: c.scalar(sa.select(businesses.c.id).where(businesses.c.slug == "kimia")))
    return str(found)


def asked(key: str | None, body: bytes = b"{}") -> Request:
    headers = [] if key is None else [(b"idempotency-key", key.encode())]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/v1/topics", "query_string": b"", "headers": headers}
    return Request(scope, receive)


def opening(business: str, name: str = "news") -> Any:
    """Work that shows how often it was done."""

    def work(connection: Connection) -> Answer:
        topic = new_id()
        connection.execute(
            sa.insert(topics).values(id=topic, business_id=business, key=f"{name}-{topic}", created_at=NOW)
        )
        return Answer(status_code=201, body={"id": topic, "name": "Zeitungé"})

    return work


async def done(database: Database) -> int:
    return await database.read(lambda c: c.scalar(sa.select(sa.func.count()).select_from(topics))) or 0


async def test_the_same_request_again_is_answered_the_same(database: Database, business: str) -> None:
    once = Once(database, LocalWakeup())

    first = await once.answer(asked("k"), business, opening(business))
    again = await once.answer(asked("k"), business, opening(business))

    assert (again.status_code, again.body) == (first.status_code, first.body) == (201, first.body)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await done(database) == 1


async def test_without_a_key_each_is_done(database: Database, business: str) -> None:
    once = Once(database, LocalWakeup())
    for _ in range(2):
        await once.answer(asked(None), business, opening(business))
    assert await done(database) == 2


async def test_another_body_under_the_same_key_is_refused(database: Database, business: str) -> None:
    once = Once(database, LocalWakeup())
    await once.answer(asked("k", b"{}"), business, opening(business))

    with pytest.raises(Problem) as refused:
        await once.answer(asked("k", b"{ }"), business, opening(business))

    assert (refused.value.kind, refused.value.status_code) == ("key-reused", 422)
    assert await done(database) == 1


async def test_of_many_at_once_exactly_one_does_the_work(database: Database, business: str) -> None:
    """Two servers share the database, each asked ten times for the same five things."""
    servers = [Once(database, LocalWakeup()) for _ in range(2)]

    async def ask(server: Once, key: str) -> bytes | str:
        try:
            return bytes((await server.answer(asked(key), business, opening(business))).body)
        except Problem as problem:
            return problem.kind

    keys = [f"k{number}" for number in range(5)]
    said = await asyncio.gather(*(ask(server, key) for _ in range(10) for server in servers for key in keys))

    assert await done(database) == len(keys)
    assert {each for each in said if isinstance(each, str)} <= {"under-way"}
    assert len({each for each in said if isinstance(each, bytes)}) == len(keys)


async def test_who_is_refused_may_mend_it_and_use_the_key_again(database: Database, business: str) -> None:
    once = Once(database, LocalWakeup())

    def refusing(connection: Connection) -> Answer:
        opening(business)(connection)
        raise Problem("not-found", "There is no such topic.")

    with pytest.raises(Problem, match="no such topic"):
        await once.answer(asked("k"), business, refusing)
    assert await done(database) == 0

    assert (await once.answer(asked("k", b"{1}"), business, opening(business))).status_code == 201


async def test_while_it_is_under_way_others_are_told_so(database: Database, business: str) -> None:
    claimed = await database.write(idempotency.claim, business, "k", "hash")

    assert isinstance(claimed, Claim)
    assert isinstance(await database.write(idempotency.claim, business, "k", "hash"), UnderWay)
    assert isinstance(await database.write(idempotency.claim, business, "k", "other"), Mismatch)
    await database.write(idempotency.finish, claimed, 202, "{}")
    assert await database.write(idempotency.claim, business, "k", "hash") == Done(status_code=202, body="{}")


async def has_gone_on(database: Database, claimed: Claim) -> bool:
    """Whether the database's clock shows another millisecond: claims of one moment cannot be told apart."""
    now = await database.read(lambda connection: connection.scalar(sa.select(database_now())))
    return bool(now > claimed.claimed_at)


async def test_who_died_at_work_has_done_nothing_and_loses_the_key(database: Database, business: str) -> None:
    dead = await database.write(idempotency.claim, business, "k", "hash", lease_seconds=-1)
    assert isinstance(dead, Claim)
    await until(partial(has_gone_on, database, dead))
    heir = await database.write(idempotency.claim, business, "k", "hash")

    assert isinstance(heir, Claim)

    def late(connection: Connection) -> None:
        opening(business)(connection)
        idempotency.finish(connection, dead, 201, "late")

    with pytest.raises(LostClaim):
        # It was asleep, not dead: its work is undone with its answer.
        await database.write(late)
    assert await done(database) == 0
    await database.write(idempotency.release, dead)
    await database.write(idempotency.finish, heir, 201, "mine")
    assert await database.write(idempotency.claim, business, "k", "hash") == Done(status_code=201, body="mine")


async def test_an_answer_is_forgotten_after_a_day(database: Database, business: str) -> None:
    claimed = await database.write(idempotency.claim, business, "k", "hash")
    assert isinstance(claimed, Claim)
    await database.write(idempotency.finish, claimed, 201, "{}")
    assert await database.write(idempotency.forget) == 0

    def age(connection: Connection) -> None:
        connection.execute(sa.update(idempotency_keys).values(expires_at=NOW - timedelta(days=3650)))

    await database.write(age)

    assert isinstance(await database.write(idempotency.claim, business, "k", "other"), Claim)
    await database.write(age)
    assert await database.write(idempotency.forget) == 1


async def test_what_is_added_at_the_last_moment_is_shown_again_and_kept_nowhere(
    database: Database, business: str
) -> None:
    once = Once(database, LocalWakeup())

    said = [
        await once.answer(asked("k"), business, opening(business), lambda body: {**body, "secret": f"s-{body['id']}"})
        for _ in range(2)
    ]

    assert said[0].body == said[1].body
    assert b"s-" in said[0].body
    (kept,) = await database.read(lambda c: list(c.scalars(sa.select(idempotency_keys.c.body))))
    assert "secret" not in kept


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "k" * 256])
async def test_a_key_that_is_none_is_refused(small_house: House, key: str) -> None:
    shop = await shop_of(small_house)
    path = "/v1/messages/0190163d-8694-739b-aea5-966c26f8ad91/cancel"

    answer = await small_house.private.post(
        path,
        headers=[(b"Authorization", f"Bearer {shop.secret}".encode()), (b"Idempotency-Key", key.encode())],
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "header.Idempotency-Key"
