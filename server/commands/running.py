"""Commands that prepare the database and run the server's processes."""

import asyncio
from typing import Any

import click
import uvloop

from server import businesses, logs
from server.serve import serve as run
from server.settings import Settings, load
from storage.database import open_database
from storage.migrate import upgrade


def configured() -> Settings:
    """The settings, with logging set up by them."""
    settings = load()
    logs.configure(settings.log_level, settings.log_format)
    return settings


@click.command()
def migrate() -> None:
    """Bring the database up to date and write business.yml to it.

    Example: ./relais migrate
    """
    settings = configured()
    found = businesses.read(settings.business_file)

    async def apply() -> None:
        database = open_database(settings.database)
        try:
            await database.write(upgrade)
            await database.write(businesses.write, found)
        finally:
            await database.close()

    uvloop.run(apply())
    click.echo(f"The database is up to date, with {len(found)} businesses.")


@click.command()
def serve() -> None:
    """Run everything of the server in one process: both ports and the worker.

    Example: ./relais migrate && ./relais serve
    """
    _run(configured())


@click.command()
def web() -> None:
    """Run the ports only; needs PostgreSQL and a `relais worker` beside it.

    Example: DATABASE_URL=postgresql://… ./relais web
    """
    _run(configured(), worker=False)


@click.command()
def worker() -> None:
    """Run turns and sends only; needs PostgreSQL.

    Example: DATABASE_URL=postgresql://… ./relais worker
    """
    _run(configured(), web=False)


def _run(settings: Settings, **which: Any) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(settings, **which))
