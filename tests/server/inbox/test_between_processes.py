"""Two servers and a worker on one PostgreSQL: what one of them knows reaches a page that another holds open."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy.engine import URL

from channels.inapp import InboxPass, make_token, read_token
from notifications.inbox.news import RedisNews
from server.inbox.routes import InboxDesk
from server.public import public_app
from tests.house import SECRET, House, open_house, settings_for
from tests.server.inbox.inboxes import App, row_of, told
from tests.server.inbox.lines import line
from tests.serving import serving
from tests.waiting import until


@dataclass
class Cluster:
    """Processes that share a database, and perhaps a Redis."""

    worker: House
    webs: tuple[House, House]
    addresses: tuple[str, str]

    async def app(self) -> App:
        """Grâce's, on the first server. Her token is made by hand: only the API's limits would need Redis for more."""
        (message_id,) = await told(self.worker)
        row = await row_of(self.worker, message_id)
        opened = InboxPass(
            business_id=row.business_id,
            subscriber_id=row.subscriber_id,
            is_test=False,
            expires_at=datetime.now(UTC) + timedelta(minutes=5),
        )
        return App(self.webs[0], make_token(SECRET, opened), row.subscriber_id)


@pytest.fixture(params=["notify", "redis"])
async def cluster(request: pytest.FixtureRequest, postgresql_address: URL, tmp_path: Path) -> AsyncIterator[Cluster]:
    redis = {"redis_url": request.getfixturevalue("redis_url")} if request.param == "redis" else {}
    worker, *webs = [open_house(settings_for(postgresql_address, tmp_path, **redis)) for _ in range(3)]
    worker.start()
    async with serving(public_app(webs[0].parts)) as first, serving(public_app(webs[1].parts)) as second:
        yield Cluster(worker, (webs[0], webs[1]), (first, second))
    await worker.stop()
    for web in webs:
        await web.parts.close()


async def test_what_a_worker_sends_reaches_a_page_at_another_server(cluster: Cluster) -> None:
    app = await cluster.app()
    async with line(cluster.addresses[0], app.token) as one, line(cluster.addresses[1], app.token) as other:
        await one.frame()
        await other.frame()

        (message_id,) = await told(cluster.worker)

        for live in (one, other):
            assert (await live.told_of(message_id))["counts"] == {"unread": 2, "total": 2}


async def test_what_is_read_at_one_server_is_read_on_a_page_of_the_other(cluster: Cluster) -> None:
    app = await cluster.app()
    async with line(cluster.addresses[0], app.token) as one, line(cluster.addresses[1], app.token) as other:
        ready = await one.frame()
        await other.frame()
        (message_id,) = await told(cluster.worker)
        await one.told_of(message_id)
        await other.told_of(message_id)

        # By the desk behind the route, since requests over HTTP would be counted in that Redis.
        token = read_token(SECRET, app.token, datetime.now(UTC))
        assert token is not None
        await InboxDesk(cluster.webs[0].parts).mark(token, message_id, "read")

        for live in (one, other):
            assert (await live.told_of(message_id, read=True))["counts"]["unread"] == 1
    assert ready["counts"] == {"unread": 1, "total": 1}


async def test_a_server_that_goes_down_loses_nothing_of_its_pages(cluster: Cluster) -> None:
    app = await cluster.app()
    async with line(cluster.addresses[0], app.token) as live:
        since = (await live.frame())["since"]
        live.connection.transport.abort()
    (missed,) = await told(cluster.worker)

    async with line(cluster.addresses[1], app.token, since=since) as live:
        assert missed in {each["id"] for each in (await live.frame())["messages"]}


async def test_a_redis_that_is_away_is_no_reason_to_tell_nobody_here() -> None:
    news = RedisNews("redis://127.0.0.1:1/0")
    with news.listening("grace") as grace, news.listening("patrick") as patrick:
        news.tell(["grace", "nobody"])
        assert (grace.is_set(), patrick.is_set()) == (True, False)
    await news.aclose()


async def test_after_a_gap_everybody_looks(redis_url: str, redis_prefix: str) -> None:
    """What was said while a connection was broken, nobody heard."""
    ours, theirs = (RedisNews(redis_url, channel=f"{redis_prefix}inbox") for _ in range(2))
    with ours.listening("grace") as grace:
        await ours.hears()
        theirs.tell(["grace"])

        async def has_heard() -> bool:
            return grace.is_set()

        await until(has_heard)
        grace.clear()
        await _cut(redis_url, f"{redis_prefix}inbox")
        await until(has_heard)
        grace.clear()
        theirs.tell(["grace"])
        await until(has_heard)
    for each in (ours, theirs):
        await each.aclose()


async def _cut(redis_url: str, channel: str) -> None:
    """End the connection of whoever listens there, and nobody else's."""
    async with Redis.from_url(redis_url) as redis:
        for client in await redis.client_list(_type="pubsub"):
            if client["name"] == channel:
                await redis.client_kill(client["addr"])
