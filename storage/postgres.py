"""PostgreSQL as Relais's database, for several web and worker processes on any number of machines."""

from collections.abc import Callable
from typing import Concatenate

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import DatabaseBusy

POOL_SIZE = 10
"""Connections a process keeps; PostgreSQL's default allows 100 for all processes together."""

POOL_TIMEOUT_SECONDS = 10
CONNECT_TIMEOUT_SECONDS = 5


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
            raise DatabaseBusy(f"PostgreSQL cannot be used now ({type(error).__name__}).") from error
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseBusy("The connection to PostgreSQL was lost.") from error
            raise
