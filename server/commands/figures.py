"""Commands about the figures of the desk's overview."""

import click

from figures import keeping
from server.commands.database import written


@click.group()
def figures() -> None:
    """See how far the desk's figures are behind, and have them counted anew.

    Example: ./relais figures lag
    """


@figures.command("lag")
def show_lag() -> None:
    """Say how many hours are still to be counted.

    Example: ./relais figures lag
    """
    behind = written(keeping.behind)
    if not behind.hours:
        click.echo("Every hour is counted.")
        return
    click.echo(f"{behind.hours} hours are to be counted; the one that lasts is {behind.seconds:.0f} s overdue.")


@figures.command("rebuild")
def rebuild() -> None:
    """Have every hour counted again, such as after a business's time zone changed.

    The worker does it beside its work, the newest hours first.

    Example: ./relais figures rebuild
    """
    count = written(keeping.rebuild)
    click.echo(f"{count} hours are counted again by the worker; `./relais figures lag` says how many are left.")
