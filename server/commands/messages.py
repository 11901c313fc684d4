"""Commands about messages: those that failed for good, and the story of any."""

from datetime import UTC, datetime
from uuid import UUID

import click

from notifications import dead_letters
from notifications.dead_letters import MOST
from notifications.explain import explain as story_of
from server.commands.database import written


@click.group()
def messages() -> None:
    """See why a message went or did not, and send again what failed.

    Example: ./relais messages dead
    """


@messages.command()
@click.option("--before", type=click.UUID, help="Go on after this one, the last of the page before.")
def dead(before: UUID | None) -> None:
    """List the newest messages that failed for good: when, on which channel, why.

    Example: ./relais messages dead
    """
    found = written(dead_letters.dead_letters, before_id=str(before) if before else None)
    for each in found:
        what = each.workflow or each.category
        click.echo(f"{each.id}  {each.failed_at:%Y-%m-%d %H:%M:%S}Z  {each.channel}  {what}  {each.error}")
    click.echo(f"{len(found)} failed." if found else "No failed message waits for you.")
    if len(found) == MOST:
        click.echo(f"There may be more: ./relais messages dead --before {found[-1].id}")


@messages.command("show")
@click.argument("message_id", type=click.UUID)
def show_message(message_id: UUID) -> None:
    """Tell a message's story: what was decided and reported, in order.

    Example: ./relais messages show 0190163d-8694-739b-aea5-966c26f8ad91
    """
    found = written(story_of, str(message_id))
    if found is None:
        raise click.ClickException(f"No message has the id {message_id}; `./relais messages dead` lists some.")
    for entry in found["story"]:
        click.echo(f"{entry['at'][:19]}Z  {entry['what']}: {entry['why']}")
    click.echo(f"It is {found['status']} now.")


messages.add_command(show_message, "explain")


@messages.command()
@click.argument("message_id", type=click.UUID)
def replay(message_id: UUID) -> None:
    """Send a message that failed once more, as a new one.

    Example: ./relais messages replay 0190163d-8694-739b-aea5-966c26f8ad91
    """
    try:
        again = written(dead_letters.replay, str(message_id), datetime.now(UTC))
    except dead_letters.NotDead as error:
        raise click.ClickException(f"{error} `./relais messages dead` lists them.") from None
    click.echo(f"It goes again, as {again}.")


@messages.command()
@click.argument("message_id", type=click.UUID)
def drop(message_id: UUID) -> None:
    """Give up a message that failed: it is listed no more.

    Example: ./relais messages drop 0190163d-8694-739b-aea5-966c26f8ad91
    """
    try:
        written(dead_letters.drop, str(message_id), datetime.now(UTC))
    except dead_letters.NotDead as error:
        raise click.ClickException(f"{error} `./relais messages dead` lists them.") from None
    click.echo("It is listed no more.")
