"""How a command reaches the database: one unit of work, also beside a running server."""

from collections.abc import Callable
from typing import Any, Concatenate

import uvloop
from sqlalchemy.engine import Connection

from server.commands.running import configured
from storage.database import open_database


def written[**P, T](work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work(connection, …)` and commit; what it raises is raised here."""
    settings = configured()

    async def run() -> T:
        database = open_database(settings.database)
        try:
            return await database.write(work, *args, **kwargs)
        finally:
            await database.close()

    result: Any = uvloop.run(run())
    return result  # type: ignore[no-any-return]
