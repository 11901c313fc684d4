"""PostgreSQL as Relais's database, for several web and worker processes on any number of machines."""

from collections.abc import Callable
from typing import Concatenate

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import BadDatabaseUrl, DatabaseBusy

POOL_SIZE = 10
"""Connections a process keeps; PostgreSQL's default allows 100 for all processes together."""

POOL_TIMEOUT_SECONDS = 10
CONNECT_TIMEOUT_SECONDS = 5


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
            pool_pre_ping=True,
            hide_parameters=True,  # an error must not carry what people wrote into a log
            connect_args={"timeout": CONNECT_TIMEOUT_SECONDS},
        )

    async def write[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._run(lambda connection: work(connection, *args, **kwargs))

    async def read[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._run(lambda connection: work(connection, *args, **kwargs))

    async def close(self) -> None:
        await self._engine.dispose()

    async def _run[T](self, work: Callable[[Connection], T]) -> T:
        try:
            async with self._engine.begin() as connection:
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


def _sqlstate(error: sa.exc.DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _busy(error: BaseException) -> DatabaseBusy:
    return DatabaseBusy(f"PostgreSQL cannot be used now ({type(error).__name__}).")
