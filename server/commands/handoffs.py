"""Commands about talks that wait for a human."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import click

from conversations import handoffs as talks
from server.commands.database import written
from server.parts import utc_now

MOST = 100


@click.group()
def handoffs() -> None:
    """See who waits for a human of the business, with what the assistant knew.

    Example: ./relais handoffs list
    """


@handoffs.command("list")
def list_waiting() -> None:
    """List who waits, the longest waiting first.

    Example: ./relais handoffs list
    """
    found = written(talks.listed, MOST)
    for each in found:
        click.echo(f"{each.id}  {each.asked_at:%Y-%m-%d %H:%M}Z  {each.business}  {each.language}  {each.reason}")
        for line in _lines(each.person, each.summary):
            click.echo(f"    {line}")
    click.echo(f"{len(found)} waiting." if found else "Nobody waits for a human.")


@handoffs.command("close")
@click.argument("handoff_id", type=click.UUID)
def close_one(handoff_id: UUID) -> None:
    """Say that somebody has taken a talk up.

    Example: ./relais handoffs close 0190163d-8694-739b-aea5-966c26f8ad91
    """
    if not written(talks.close, str(handoff_id), utc_now()):
        raise click.ClickException(f"Nobody waits under {handoff_id}; `./relais handoffs list` tells who does.")
    click.echo("It is closed.")


def _lines(person: str | None, summary: Mapping[str, Any]) -> list[str]:
    wishes = ", ".join(summary.get("wishes") or ())
    lines = [
        person and f"who: {person}",
        wishes and f"wished lately: {wishes}",
        summary.get("doing") and f"in the middle of: {summary['doing']}",
        *(f"  {answer}" for answer in summary.get("answers") or ()),
        *(f"about: {each}" for each in summary.get("about") or ()),
    ]
    return [line for line in lines if line]
