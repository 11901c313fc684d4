"""Tells open inboxes that something is new for a person, whichever process knows of it and whichever holds them.

It is a hint, never the truth: it says whose inbox and nothing of what is in it, and may be lost. Who hears it reads the
database; who hears nothing reads it once in a while.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from typing import Final, Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from notifications.providers.base import Accepted
from notifications.providers.inapp import INAPP
from notifications.settling import Ended
from storage.wakeup import Wakeup

TOPIC: Final = "inbox"

CHANNEL: Final = "relais:inbox"
"""The one channel of Redis that all processes share: each looks for itself whether it concerns an inbox it holds."""

AGAIN_SECONDS: Final = 1.0
"""Before a Redis that went away is asked again."""

TOGETHER: Final = 500
"""People whom one message of Redis names at most: 18 kB. Our choice."""

log = structlog.get_logger()


class InboxNews(Protocol):
    """Tells, and lets listen."""

    def tell(self, subscriber_ids: Collection[str]) -> None:
        """Something is new for these. Call it after the commit; it waits for nothing and never fails."""
        ...

    def listening(self, subscriber_id: str) -> contextlib.AbstractContextManager[asyncio.Event]:
        """An event that is set whenever something is new for a person; clear it before you look."""
        ...

    async def aclose(self) -> None: ...


def arrived(ended: Sequence[Ended]) -> set[str]:
    """Whose inbox has something new, after these sends were settled."""
    return {
        each.message.subscriber_id
        for each in ended
        if each.message.channel == INAPP and isinstance(each.outcome, Accepted) and each.message.subscriber_id
    }


class _Ears:
    """Who listens in this process."""

    def __init__(self) -> None:
        self._events: dict[str, set[asyncio.Event]] = {}

    @contextlib.contextmanager
    def listening(self, subscriber_id: str) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        self._events.setdefault(subscriber_id, set()).add(event)
        try:
            yield event
        finally:
            others = self._events[subscriber_id]
            others.discard(event)
            if not others:
                del self._events[subscriber_id]

    def ring(self, subscriber_id: str) -> None:
        for event in self._events.get(subscriber_id, ()):
            event.set()

    def ring_all(self) -> None:
        """What was said meanwhile, nobody heard: everybody looks."""
        for subscriber_id in self._events:
            self.ring(subscriber_id)


class WakeupNews(_Ears):
    """By the way that wakes workers: inside a process, or by LISTEN/NOTIFY between processes on PostgreSQL."""

    def __init__(self, wakeup: Wakeup) -> None:
        super().__init__()
        self._wakeup = wakeup
        wakeup.follow(TOPIC, self._heard)

    def tell(self, subscriber_ids: Collection[str]) -> None:
        for each in subscriber_ids:
            self._wakeup.signal(f"{TOPIC}:{each}")

    async def aclose(self) -> None:
        """The way is closed by whoever opened it."""

    def _heard(self, subscriber_id: str) -> None:
        if subscriber_id:
            self.ring(subscriber_id)
        else:
            self.ring_all()


class RedisNews(_Ears):
    """Through Redis, between processes; inside this one also while Redis is away."""

    def __init__(self, url: str, channel: str = CHANNEL) -> None:
        super().__init__()
        # Reading waits for as long as nobody says anything.
        self._redis = Redis.from_url(
            url, socket_timeout=None, socket_connect_timeout=5, socket_keepalive=True, client_name=channel
        )
        self._channel = channel
        self._untold: set[str] = set()
        self._has_untold = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_away = False
        self._hears = asyncio.Event()

    @contextlib.contextmanager
    def listening(self, subscriber_id: str) -> Iterator[asyncio.Event]:
        self._start()
        with super().listening(subscriber_id) as event:
            yield event

    async def hears(self) -> None:
        """Return once what others say is heard here."""
        self._start()
        await self._hears.wait()

    def tell(self, subscriber_ids: Collection[str]) -> None:
        if not subscriber_ids:
            return
        self._start()
        for each in subscriber_ids:
            self.ring(each)
        self._untold.update(subscriber_ids)
        self._has_untold.set()

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()

    def _start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._again_and_again(work)) for work in (self._say, self._hear)]

    async def _again_and_again(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except (RedisError, OSError) as error:
                self._hears.clear()
                if not self._is_away:
                    log.warning("inbox.redis_away", problem=type(error).__name__)
                self._is_away = True
                await asyncio.sleep(AGAIN_SECONDS)

    async def _say(self) -> None:
        while True:
            await self._has_untold.wait()
            self._has_untold.clear()
            names, self._untold = sorted(self._untold), set()
            for begin in range(0, len(names), TOGETHER):
                await self._redis.publish(self._channel, ",".join(names[begin : begin + TOGETHER]))
            self._is_away = False

    async def _hear(self) -> None:
        async with self._redis.pubsub() as heard:
            await heard.subscribe(self._channel)
            async for said in heard.listen():
                match said:
                    case {"type": "subscribe"}:
                        self._is_away = False
                        self._hears.set()
                        self.ring_all()
                    case {"type": "message", "data": bytes(data)}:
                        for each in data.decode("ascii", "replace").split(","):
                            self.ring(each)
