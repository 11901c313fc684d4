"""SQLite as a server's database: one writer thread that commits waiting work together, readers beside it."""

import asyncio
import contextlib
import functools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine

from storage.database import DatabaseBusy
from storage.json_text import from_json, to_json

BUSY_TIMEOUT_SECONDS = 10
"""How long a write waits for another process (the command line) to let go of the file."""

GROUP_LIMIT = 64
"""The most units of work that share one commit."""

READER_THREADS = 4


@dataclass(frozen=True, slots=True)
class _Job:
    """A unit of work waiting for the writer thread, and the place where its caller waits."""

    work: Callable[[Connection], Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop

    def resolve(self, result: Any, error: BaseException | None) -> None:
        # The loop may have gone away with the process's shutdown; then nobody waits any more.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


class SqliteDatabase:
    """A Database on one file (WAL, synchronous=FULL).

    Every write goes through one thread and one connection. What waits while a commit is on its way to the disk
    shares the next commit; each unit has a savepoint, so that one that fails does not undo its neighbours.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        self._writing = _engine(url, "BEGIN IMMEDIATE")
        self._reading = _engine(url, "BEGIN")
        self._readers = ThreadPoolExecutor(READER_THREADS, thread_name_prefix="sqlite-read")
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_forever, name="sqlite-write", daemon=True)
        self._writer.start()

    async def write[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(lambda connection: work(connection, *args, **kwargs), future, loop))
        # A caller that is cancelled must not leave the work half known: the commit happens, or it does not.
        return await asyncio.shield(future)

    async def read[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._readers, functools.partial(self._read_once, lambda c: work(c, *args, **kwargs))
        )

    async def close(self) -> None:
        self._jobs.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._writer.join)
        self._readers.shutdown()
        self._reading.dispose()
        self._writing.dispose()

    def _read_once[T](self, work: Callable[[Connection], T]) -> T:
        try:
            with self._reading.begin() as connection:
                return work(connection)
        except sa.exc.OperationalError as error:
            raise _busy(error) from error

    def _commit_alone(self, job: _Job) -> tuple[_Job, Any, BaseException | None]:
        """Without neighbours to protect, no savepoint is needed: what the unit raises undoes the transaction."""
        with self._writing.connect() as connection, connection.begin() as transaction:
            try:
                return job, job.work(connection), None
            except BaseException as error:
                transaction.rollback()
                return job, None, _for_the_caller(error)

    def _write_forever(self) -> None:
        while (job := self._jobs.get()) is not None:
            group = [job]
            closing = False
            while len(group) < GROUP_LIMIT:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    closing = True
                    break
                group.append(following)
            self._commit(group)
            if closing:
                return

    def _commit(self, group: list[_Job]) -> None:
        """Run a group in one transaction, then tell each caller its own result or error."""
        outcomes: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            if len(group) == 1:
                outcomes = [self._commit_alone(group[0])]
            else:
                with self._writing.begin() as connection:
                    for job in group:
                        outcomes.append((job, *_attempt(job, connection)))
        except Exception as error:  # whatever it is, the writer thread lives on and every caller is told
            outcomes = [(job, None, _busy(error)) for job in group]
        for job, result, error_ in outcomes:
            job.resolve(result, error_)


def _attempt(job: _Job, connection: Connection) -> tuple[Any, BaseException | None]:
    # Said to the driver itself: SQLAlchemy's own savepoints cost as much as a third of a webhook's statements.
    tell = connection.connection.cursor().execute
    tell("SAVEPOINT unit")
    try:
        result = job.work(connection)
    except BaseException as error:
        tell("ROLLBACK TO unit")
        tell("RELEASE unit")
        return None, _for_the_caller(error)
    tell("RELEASE unit")
    return result, None


def _for_the_caller(error: BaseException) -> BaseException:
    """A file that is full, locked or gone is no fault of the unit of work."""
    return _busy(error) if isinstance(error, sa.exc.OperationalError) else error


def _busy(error: BaseException) -> DatabaseBusy:
    reason = getattr(error, "orig", None) or type(error).__name__
    busy = DatabaseBusy(f"The database file of DATABASE_URL or VAR_DIR cannot be used now: {reason}.")
    busy.__cause__ = error
    return busy


def _engine(url: URL, begin: str) -> Engine:
    engine = sa.create_engine(
        url,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        hide_parameters=True,  # an error must not carry what people wrote into a log
        json_serializer=to_json,
        json_deserializer=from_json,
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling is switched off: BEGIN is ours to say, below.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
