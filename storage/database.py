"""One way to reach the database, whichever it is: `write` a unit of work in a transaction, or `read`.

A unit of work is a plain function that takes a SQLAlchemy connection. It cannot await, so no transaction is ever
open across a network call.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection


class StorageError(Exception):
    """The database could not do what was asked; nothing was changed."""


class DatabaseBusy(StorageError):
    """The database cannot commit now (locked, full, unreachable). Try again."""


class BadDatabaseUrl(StorageError):
    """DATABASE_URL names something Relais cannot use."""


class Database(Protocol):
    """Runs units of work. Each call is one transaction: all of it is committed, or none."""

    url: URL

    async def write[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(connection, …)` and commit; what it raises undoes it and is raised here."""
        ...

    async def read[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(connection, …)` without changing anything."""
        ...

    async def close(self) -> None:
        """Finish the work under way and let go of every connection."""
        ...


def database_url(setting: str, default_file: Path) -> URL:
    """The URL to use for the setting DATABASE_URL; empty means SQLite in `default_file`.

    Raises BadDatabaseUrl naming what is wrong.
    """
    if not setting:
        return URL.create("sqlite", database=str(default_file))
    try:
        url = sa.make_url(setting)
    except sa.exc.ArgumentError:
        raise BadDatabaseUrl(
            "DATABASE_URL is not a database address; write it as postgresql://user:password@host/name "
            "or sqlite:///path, or leave it empty."
        ) from None
    match url.get_backend_name():
        case "sqlite":
            return url.set(drivername="sqlite")
        case "postgresql":
            return _for_asyncpg(url)
        case other:
            raise BadDatabaseUrl(f"DATABASE_URL names {other}; Relais speaks sqlite and postgresql.")


def _for_asyncpg(url: URL) -> URL:
    """The driver's own word for libpq's `sslmode` is `ssl`."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


def open_database(url: URL) -> Database:
    """Open the database behind an address made by `database_url`. Connects lazily on PostgreSQL."""
    if url.get_backend_name() == "sqlite":
        from storage.sqlite import SqliteDatabase

        return SqliteDatabase(url)
    from storage.postgres import PostgresDatabase

    return PostgresDatabase(url)
