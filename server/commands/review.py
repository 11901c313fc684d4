"""Commands about the desk's lists of talks."""

import click
import uvloop

from conversations.review import projection
from server.commands.database import written
from server.commands.running import configured
from storage.database import open_database

AT_ONCE = 5000
"""Turns of one transaction: a running server waits for it."""


@click.group()
def review() -> None:
    """See how far the desk's lists of talks are behind, and have them made anew.

    Example: ./relais review lag
    """


@review.command("lag")
def show_lag() -> None:
    """Say how many turns ended and are not in the lists yet.

    Example: ./relais review lag
    """
    behind = written(projection.lag)
    if not behind.turns:
        click.echo("The lists hold every turn that ended.")
        return
    click.echo(f"{behind.turns} turns are not in the lists yet; the first has waited {behind.seconds:.1f} s.")


@review.command("rebuild")
def rebuild() -> None:
    """Have every turn read again, such as after an upgrade that reads more of it.

    The worker does it beside its work; what readers marked, tagged and noted stays.

    Example: ./relais review rebuild
    """
    count = uvloop.run(_enqueue_all())
    click.echo(f"{count} turns are read again by the worker; `./relais review lag` says how many are left.")


async def _enqueue_all() -> int:
    database = open_database(configured().database)
    total, last = 0, None
    try:
        while True:
            count, last = await database.write(projection.enqueue_after, last, AT_ONCE)
            if not count:
                return total
            total += count
    finally:
        await database.close()
