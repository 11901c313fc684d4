"""Keeps conversations: an append-only log of Rasa's events, one transaction per turn.

Rasa's SQL store counts rows to find out what is new, blocks the event loop, and is wrapped in a store that turns
a failed read into an empty conversation. Here every event has a number of its own within its sender; a second
writer meets a unique key and fails; a read or write that fails raises, and the turn is tried again by the caller.

    TrackerStoreError
    ├── StoreUnavailable   the database did not answer; nothing was changed
    └── TrackerConflict    somebody else wrote to this conversation; nothing was changed
    SchemaRefused (refusals.py)  the database is not one this version can use; the bot does not start
"""

import asyncio
import json
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy.exc
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from relais_bot.event_log import EventLog, Row
from relais_bot.publishing import Publisher
from relais_bot.turn_errors import TrackerStoreError

#: Connections, and threads to wait for them. Turns of a small machine rarely overlap in the database.
THREADS = 4
#: Conversations kept ready to go on; each is a few hundred kilobytes at most.
LIVE_TRACKERS = 500

Result = TypeVar("Result")


class StoreUnavailable(TrackerStoreError):
    """The database did not answer in time, or refused."""


class TrackerConflict(TrackerStoreError):
    """The conversation has events this writer had not seen."""


class StoredTracker(DialogueStateTracker):
    """A conversation that knows how much of it is stored."""

    #: Events at the head of `events` that are in the database.
    stored: int = 0
    #: Number the next event of this sender gets.
    next_seq: int = 0


class SqlTrackerStore(TrackerStore):
    """`tracker_store: {type: relais_bot.tracker_store.SqlTrackerStore}` in endpoints.yml.

    The database is `BOT_DATABASE_URL`, or `bot.db` in `VAR_DIR`; `url:` in endpoints.yml goes before both.
    """

    def __init__(
        self,
        domain: Domain | None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._log = EventLog(host or database_url(os.environ))
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="tracker-store")
        self._live: OrderedDict[str, StoredTracker] = OrderedDict()
        self.publisher: Publisher | None = None

    def beside(self) -> "SqlTrackerStore":
        """Another one over the same database, for another model: the slots of its trackers are that model's.

        Both share their connections, which `close` of either lets go of.
        """
        store = object.__new__(type(self))
        TrackerStore.__init__(store, None, self.event_broker)
        store._log, store._threads = self._log, self._threads
        store.publisher = self.publisher
        return store

    async def retrieve(self, sender_id: str) -> StoredTracker | None:
        """The latest session of the conversation, None when there is none. Raises when that cannot be known.

        The live tracker is handed out, not copied: it leaves the cache and comes back with a successful save,
        so that a turn that fails half-way leaves nothing of itself behind.
        """
        live = self._live.pop(sender_id, None)
        if live is not None and await self._in_thread(self._log.next_seq, sender_id) == live.next_seq:
            return live
        rows = await self._in_thread(self._log.latest_session, sender_id)
        return self._tracker(sender_id, rows) if rows else None

    async def retrieve_full_tracker(self, conversation_id: str) -> StoredTracker | None:
        """Every session of the conversation."""
        rows = await self._in_thread(self._log.all_events, conversation_id)
        return self._tracker(conversation_id, rows) if rows else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends what is new since the tracker was read, all or nothing."""
        stored, next_seq = getattr(tracker, "stored", 0), getattr(tracker, "next_seq", 0)
        new = list(tracker.events)[stored:]
        if not new:
            return
        rows = [
            Row(
                seq=seq,
                turn_id=turn_id_of(new),
                type_name=event.type_name,
                timestamp=event.timestamp,
                data=_dump(event),
            )
            for seq, event in enumerate(new, next_seq)
        ]
        await self._in_thread(self._log.append, tracker.sender_id, rows)
        if self.publisher is not None:
            self.publisher.publish(tracker.sender_id, new)
        if isinstance(tracker, StoredTracker):
            tracker.stored, tracker.next_seq = stored + len(new), next_seq + len(new)
            self._keep_live(tracker, new)

    async def turn_events(self, sender_id: str, turn_id: str) -> list[dict[str, Any]]:
        """The events of one turn as they were saved; empty when the turn never was."""
        rows = await self._in_thread(self._log.turn, sender_id, turn_id)
        return [json.loads(row.data) for row in rows]

    async def forget(self, sender_id: str) -> int:
        """All of a conversation, for good; how many events there were. The caller holds the sender's lock."""
        self._live.pop(sender_id, None)
        if self.publisher is not None:
            self.publisher.forget(sender_id)
        return await self._in_thread(self._log.forget, sender_id)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """An empty conversation. Nothing is written for somebody whose first turn may still fail."""
        return self.init_tracker(sender_id)

    def init_tracker(self, sender_id: str) -> StoredTracker:
        return StoredTracker(sender_id, self.domain.slots)

    async def keys(self) -> Iterable[str]:
        return await self._in_thread(self._log.senders)

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self._log.close()

    @property
    def domain(self) -> Domain:
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        # The slots of a live tracker are those of the domain it was made with.
        self._domain = domain or Domain.empty()
        self._live = OrderedDict()

    def _tracker(self, sender_id: str, rows: list[Row]) -> StoredTracker:
        tracker = StoredTracker.from_dict(sender_id, [json.loads(row.data) for row in rows], self.domain.slots)
        tracker.stored, tracker.next_seq = len(tracker.events), rows[-1].seq + 1
        return tracker

    def _keep_live(self, tracker: StoredTracker, new: list[Event]) -> None:
        # A new session leaves the old one behind; the next read starts with the new one alone.
        if any(isinstance(event, SessionStarted) for event in new):
            return
        self._live[tracker.sender_id] = tracker
        if len(self._live) > LIVE_TRACKERS:
            self._live.popitem(last=False)

    async def _in_thread(self, work: Callable[..., Result], *arguments: Any) -> Result:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        except sqlalchemy.exc.IntegrityError as error:
            raise TrackerConflict("Another process wrote to this conversation.") from error
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise StoreUnavailable(f"The bot's database failed ({type(error).__name__}).") from error


def database_url(environment: Mapping[str, str]) -> str:
    """Where conversations are kept, as SQLAlchemy writes it."""
    url = environment.get("BOT_DATABASE_URL", "")
    if not url:
        return f"sqlite:///{Path(environment.get('VAR_DIR') or 'var') / 'bot.db'}"
    scheme, separator, rest = url.partition("://")
    if scheme.split("+")[0] in ("postgres", "postgresql"):
        # Other processes name their own drivers (postgresql+asyncpg); this environment has one.
        return f"postgresql+psycopg2{separator}{rest}"
    return url


def turn_id_of(events: Iterable[Event]) -> str | None:
    """The turn that events saved together belong to: it is the id of the user's message among them."""
    # The first: an action may add messages of its own, without an id.
    return next((event.message_id for event in events if isinstance(event, UserUttered)), None)


def _dump(event: Event) -> str:
    return json.dumps(event.as_dict(), separators=(",", ":"))
