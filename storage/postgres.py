"""PostgreSQL as Relais's database, for several web and worker processes on any number of machines."""

import time
from collections.abc import Callable
from typing import Any, Concatenate, Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.database import BadDatabaseUrl, DatabaseBusy
from storage.json_text import from_json, to_json

POOL_SIZE = 10
"""Connections a process keeps; PostgreSQL's default allows 100 for all processes together."""

POOL_TIMEOUT_SECONDS = 10
CONNECT_TIMEOUT_SECONDS = 5


IDLE_SECONDS: Final = 1.0
"""After which a connection is tried before it is used. Our choice."""

PASSING_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
"""SQLSTATE classes that say "not now": connection, rollback (deadlock), resources, locks, operator, system.
Source: PostgreSQL's documentation, appendix A."""

REFUSAL_CLASSES = frozenset({"28", "3D"})
"""SQLSTATE classes of a wrong user or database."""


class PostgresDatabase:
    """A Database on PostgreSQL through asyncpg. Connects when first used."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = create_async_engine(
            url,
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT_SECONDS,
            pool_reset_on_return=None,  # each unit of work commits or rolls back
            hide_parameters=True,  # an error must not carry what people wrote into a log
            json_serializer=to_json,
            json_deserializer=from_json,
            connect_args={"timeout": CONNECT_TIMEOUT_SECONDS, "server_settings": {"jit": "off"}},
        )
        _look_after_idle(self._engine.sync_engine)
        self._without_transactions = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    async def write[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._run(self._engine, lambda connection: work(connection, *args, **kwargs))

    async def read[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        # Each statement sees what is committed when it begins, with a transaction around them or without one.
        return await self._run(self._without_transactions, lambda connection: work(connection, *args, **kwargs))

    async def close(self) -> None:
        await self._engine.dispose()

    async def _run[T](self, engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError, OSError) as error:
            raise _busy(error) from error
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated or _sqlstate(error)[:2] in PASSING_CLASSES:
                raise _busy(error) from error
            if _sqlstate(error)[:2] in REFUSAL_CLASSES:
                raise BadDatabaseUrl(
                    "PostgreSQL refuses DATABASE_URL: its user, password or database name is wrong."
                ) from error
            raise


def _look_after_idle(engine: Engine) -> None:
    """Try a connection that nobody used for a while before it is used: trying each takes longer than most statements.

    One that breaks in use costs its unit of work, whose caller hears "not now"; all others are made anew.
    """

    @sa.event.listens_for(engine, "checkin")
    def _left(_connection: Any, record: Any) -> None:
        record.info["left_at"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _taken(connection: Any, record: Any, _proxy: Any) -> None:
        left_at = record.info.get("left_at")
        if left_at is None:
            return
        # What the server closed is mostly known here already.
        is_gone = connection.driver_connection.is_closed()
        if is_gone or (time.monotonic() - left_at >= IDLE_SECONDS and not _answers(engine, connection)):
            raise sa.exc.InvalidatePoolError


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False
    return True


def _sqlstate(error: sa.exc.DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _busy(error: BaseException) -> DatabaseBusy:
    return DatabaseBusy(f"PostgreSQL cannot be used now ({type(error).__name__}).")
