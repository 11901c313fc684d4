"""Commands about turns that were given up."""

from uuid import UUID

import click

from conversations import parked
from server.commands.database import written

MOST = 50


@click.group()
def turns() -> None:
    """See and retry turns that the bot could not answer.

    Example: ./relais turns parked
    """


@turns.command("parked")
def list_parked() -> None:
    """List the newest parked turns: when, whose business, why.

    Example: ./relais turns parked
    """
    found = written(parked.parked, MOST)
    for turn in found:
        click.echo(f"{turn.id}  {turn.finished_at:%Y-%m-%d %H:%M:%S}Z  {turn.business}  {turn.error}")
    click.echo(f"{len(found)} parked." if found else "No turn is parked.")


@turns.command("retry")
@click.argument("turn_id", type=click.UUID)
def retry_parked(turn_id: UUID) -> None:
    """Let the bot try a parked turn again.

    Example: ./relais turns retry 0190163d-8694-739b-aea5-966c26f8ad91
    """
    if not written(parked.retry, str(turn_id)):
        raise click.ClickException(f"No parked turn has the id {turn_id}; `./relais turns parked` lists them.")
    click.echo("It is waiting for the bot again.")
