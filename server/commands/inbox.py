"""Commands about what WhatsApp sent and found no place."""

from collections.abc import Awaitable, Callable

import click
import uvloop

from conversations import kept
from conversations.kept import Kept
from server.commands.running import configured
from server.parts import build_inbox
from server.replay import Replayed, replay
from storage.database import Database, open_database

MOST = 50


@click.group()
def inbox() -> None:
    """See what WhatsApp sent and found no place, and read it again after an upgrade.

    Example: ./relais inbox list
    """


@inbox.command("list")
def list_open() -> None:
    """List the oldest items without a place: when they came, what they are, why they are here.

    Nothing of what people wrote is printed.

    Example: ./relais inbox list
    """

    async def look(database: Database) -> tuple[dict[str, int], list[Kept]]:
        return await database.read(kept.count_open), await database.read(kept.open_items, MOST)

    counts, items = uvloop.run(_with_database(look))
    for item in items:
        click.echo(f"{item.id}  {item.received_at:%Y-%m-%d %H:%M:%S}Z  {item.field}: {item.problem}")
    total = sum(counts.values())
    click.echo(f"{total} without a place." if total else "Everything that came has its place.")


@inbox.command("replay")
def replay_open() -> None:
    """Read every item without a place again: after an upgrade, or when business.yml has a number that it lacked.

    Example: ./relais inbox replay
    """

    async def run(database: Database) -> Replayed:
        return await replay(
            database, build_inbox(), lambda so_far: click.echo(f"{so_far.placed + so_far.left} read …", err=True)
        )

    done = uvloop.run(_with_database(run))
    click.echo(f"{done.placed} found their place ({done.turns} of them are to be answered), {done.left} did not.")


async def _with_database[T](work: Callable[[Database], Awaitable[T]]) -> T:
    database = open_database(configured().database)
    try:
        return await work(database)
    finally:
        await database.close()
