"""Hands saved events to the `event_broker` of endpoints.yml, for teams with tools of their own.

Rasa publishes within a turn, and most of its brokers block: a slow one would hold everybody's answers up. Here events
are published after they were saved and beside the turns, in the order in which they were saved. A broker that is away
costs no turn: the events wait, and what finds no room any more is left out; `rasa export` publishes it again from the
tracker store.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.brokers.pika import PikaEventBroker
from rasa.shared.core.events import Event
from rasa.utils.endpoints import EndpointConfig

from relais_bot.refusals import Refused

logger = logging.getLogger(__name__)

#: Events that wait for a broker that is away: some thousand turns, a few dozen megabytes.
MOST_WAITING = 20_000
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
#: For what still waits when the bot is told to end.
CLOSING_SECONDS = 5.0


class Publisher:
    """Publishes to one broker, which it connects by itself; `start` and `close` it in the loop of the server."""

    def __init__(self, endpoint: EndpointConfig, first_pause_seconds: float = FIRST_PAUSE_SECONDS) -> None:
        self._endpoint = endpoint
        self._first_pause_seconds = first_pause_seconds
        self._waiting: deque[dict[str, Any]] = deque()
        self._left_out = 0
        self._news = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="event-broker")
        self._task: asyncio.Task[None] | None = None
        self._broker: EventBroker | None = None

    def start(self) -> None:
        """Begin to publish."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def publish(self, sender_id: str, events: Iterable[Event]) -> None:
        """Publish these when their turn comes. Never waits, never raises."""
        for event in events:
            if len(self._waiting) >= MOST_WAITING:
                self._left_out += 1
                continue
            self._waiting.append({"sender_id": sender_id, **event.as_dict()})
        self._empty.clear()
        self._news.set()

    def forget(self, sender_id: str) -> None:
        """Publish nothing of this conversation that still waits."""
        # The first may be on its way.
        self._waiting = deque(event for event in self._waiting if event["sender_id"] != sender_id)

    async def close(self) -> None:
        """Publish what waits, for a while, and let go of the broker."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._empty.wait(), CLOSING_SECONDS)
        if isinstance(self._broker, PikaEventBroker):
            # What it was given it publishes in tasks of its own.
            with contextlib.suppress(asyncio.TimeoutError):
                under_way = asyncio.gather(*self._broker._background_tasks, return_exceptions=True)
                await asyncio.wait_for(under_way, CLOSING_SECONDS)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._waiting:
            logger.warning(f"{len(self._waiting)} events were not published; `rasa export` does it.")
        if self._broker is not None:
            await self._broker.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self) -> None:
        self._broker = await self._connected()
        while True:
            while self._waiting:
                event = self._waiting[0]
                await self._publish(self._broker, event)
                if self._waiting and self._waiting[0] is event:
                    self._waiting.popleft()
                self._say_left_out()
            self._empty.set()
            self._news.clear()
            await self._news.wait()

    async def _publish(self, broker: EventBroker, event: dict[str, Any]) -> None:
        pause = self._first_pause_seconds
        while True:
            try:
                if isinstance(broker, PikaEventBroker):
                    # Its publishing is a task of this loop, and keeps by itself what RabbitMQ did not take.
                    broker.publish(event)
                else:
                    await asyncio.get_running_loop().run_in_executor(self._thread, broker.publish, event)
                return
            except Exception as error:
                logger.warning(f"The event broker took no event ({type(error).__name__}); again in {pause:g} s.")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _connected(self) -> EventBroker:
        pause = self._first_pause_seconds
        while True:
            try:
                broker = await EventBroker.create(self._endpoint, asyncio.get_running_loop())
                if broker is not None:
                    return broker
                why = "there is no such type"
            except Exception as error:
                why = type(error.__cause__ or error).__name__
            logger.warning(f"The event broker is not to be reached ({why}); again in {pause:g} s.")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _say_left_out(self) -> None:
        if self._left_out:
            logger.error(f"{self._left_out} events found no room and were not published; `rasa export` does it.")
            self._left_out = 0


def publish_from(app: Any, endpoint: EndpointConfig) -> None:
    """Let whoever listens at this broker know of every event that the bot saves. Raises `Refused`."""
    require_known_type(endpoint)
    publisher: list[Publisher] = []

    async def start(app: Any, _: Any) -> None:
        publisher.append(Publisher(endpoint))
        app.ctx.agent.tracker_store.publisher = publisher[0]
        publisher[0].start()

    async def stop(app: Any, _: Any) -> None:
        await publisher[0].close()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "after_server_stop")


def require_known_type(endpoint: EndpointConfig) -> None:
    """Refuses a `type` that is neither Rasa's nor a class that can be imported: Rasa would only warn."""
    from rasa.shared.utils.common import class_from_module_path

    if endpoint.type is None or endpoint.type.lower() in ("pika", "sql", "file", "kafka"):
        return
    try:
        class_from_module_path(endpoint.type)
    except (AttributeError, ImportError, ValueError) as error:
        raise Refused(
            f"endpoints.yml names an event_broker of type {endpoint.type}, which cannot be imported ({error}):"
            " it is pika, kafka, sql, file, or package.module.Class."
        ) from error
