"""Commands about one person's data, for whoever answers them outside the chat."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
import uvloop

from backend import BackendError, Refused
from conversations import erasures
from server.commands.database import written
from server.commands.running import configured
from server.parts import build, utc_now
from server.personal import NobodyKnown, PersonalDesk
from trade.phones import read_phone

MOST = 50

_business = click.option("--business", required=True, help="Whose customer it is: the slug in business.yml.")


@click.group()
def person() -> None:
    """Tell what is known of a person, or forget them.

    Example: ./relais person export +242061234567 --business kimia
    """


@person.command()
@click.argument("phone")
@_business
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write it there, for you alone.")
def export(phone: str, business: str, file: Path | None) -> None:
    """Print all that Relais and the business's system know of a person, as JSON.

    Example: ./relais person export +242061234567 --business kimia --to grace.json
    """
    number = _number(phone)
    document = _at_the_desk(lambda desk: desk.document(number, business, utc_now()))
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if file is None:
        click.echo(text)
        return
    file.touch(mode=0o600)
    file.write_text(f"{text}\n", encoding="utf-8")
    click.echo(f"It is in {file.name}.")


@person.command()
@click.argument("phone")
@_business
@click.option("--yes", is_flag=True, help="Do not ask whether one is sure.")
def erase(phone: str, business: str, yes: bool) -> None:
    """Forget a person: at the business's system now, here as soon as the worker gets to it.

    Example: ./relais person erase +242061234567 --business kimia
    """
    number = _number(phone)
    if not yes:
        click.confirm("All that is known of this person will be gone. Go on?", abort=True)
    kept = _at_the_desk(lambda desk: desk.erase_number(number, business, str(uuid4()), utc_now()))
    for each in kept:
        click.echo(f"The business keeps {each.what}" + (f" until {each.until:%Y-%m-%d}." if each.until else "."))
    click.echo("The rest goes as soon as nothing of theirs is on its way; `./relais person erasures` tells.")


@person.command("erasures")
def list_erasures() -> None:
    """List the newest wishes to be forgotten, and what came of them.

    Example: ./relais person erasures
    """
    found = written(erasures.listed, MOST)
    for each in found:
        state = f"done {each.done_at:%Y-%m-%d %H:%M}Z" if each.done_at else f"waiting, {each.failures} failures"
        problem = f"  {each.problem}" if each.problem else ""
        click.echo(f"{each.id}  {each.asked_at:%Y-%m-%d %H:%M}Z  {each.business}  {each.asked_by}  {state}{problem}")
    if not found:
        click.echo("Nobody has wished to be forgotten.")


def _number(phone: str) -> str:
    number = read_phone(phone, None)
    if number is None:
        raise click.ClickException("Write the number with its country code, such as +242061234567.")
    return number


def _at_the_desk[T](ask: Callable[[PersonalDesk], Awaitable[T]]) -> T:
    settings = configured()

    async def run() -> T:
        parts = build(settings)
        try:
            return await ask(parts.personal)
        finally:
            await parts.close()

    try:
        result: Any = uvloop.run(run())
    except NobodyKnown:
        raise click.ClickException("Nobody is known under this number at this business.") from None
    except Refused as refused:
        raise click.ClickException(f"The business's system says no: {refused.code}. Nothing was changed.") from None
    except BackendError as error:
        raise click.ClickException(f"The business's system does not answer ({error}); run it again.") from None
    return result  # type: ignore[no-any-return]
