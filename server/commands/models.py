"""Commands about models: what the desk does about them, without the desk."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import click
import uvloop

from channels.transport import AiohttpTransport
from conversations.models import history
from conversations.models.history import Promotion
from server.commands.running import configured
from server.models.parts import Models, build_models
from server.parts import utc_now
from storage.database import open_database


@click.group()
def models() -> None:
    """Train a candidate, compare it with the model that answers people, put it in its place, and go back.

    Example: ./relais models train && ./relais models list
    """


@models.command("list")
def list_models() -> None:
    """List who answers people, the candidates, other models, and who was put in place when.

    Example: ./relais models list
    """
    _run(_list)


@models.command()
def train() -> None:
    """Train a candidate from the project, with what reviewers corrected in it; the current model stays.

    Example: ./relais models train
    """

    async def work(found: Models) -> None:
        made = await found.train(None, told=click.echo)
        click.echo(
            f"Candidate {made.name}, {made.added} corrected lines; `./relais models compare {made.name}` compares it."
        )

    _run(work)


@models.command()
@click.argument("name")
def compare(name: str) -> None:
    """Compare a candidate with the current model, on tests and on what people wrote last.

    Example: ./relais models compare 20260301-101500-0123abcd.tar.gz
    """

    async def work(found: Models) -> None:
        for line in _compared(await found.compare(name, None, told=lambda line: click.echo(line, err=True))):
            click.echo(line)

    _run(work)


@models.command()
@click.argument("name")
def promote(name: str) -> None:
    """Put a model in front of people: the bot changes over without losing a turn, or says why not.

    Example: ./relais models promote 20260301-101500-0123abcd.tar.gz
    """
    _run(lambda found: _told(found.promoter.promote(name, None)))


@models.command()
def back() -> None:
    """Put the model back that answered before the present one.

    Example: ./relais models back
    """
    _run(lambda found: _told(found.promoter.back(None)))


def _run(work: Callable[[Models], Awaitable[None]]) -> None:
    async def run() -> None:
        async with _models() as found:
            await work(found)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


@contextlib.asynccontextmanager
async def _models() -> AsyncIterator[Models]:
    settings = configured()
    database, transport = open_database(settings.database), AiohttpTransport(limit=4)
    try:
        yield build_models(settings, database, transport, utc_now)
    finally:
        await transport.aclose()
        await database.close()


async def _told(promoting: Awaitable[Promotion]) -> None:
    done = await promoting
    click.echo(f"{done.to_model} answers people now; before: {done.from_model}.")


async def _list(found: Models) -> None:
    await found.promoter.settle()
    answering = await found.promoter.answering()
    click.echo(f"answering: {answering.model if answering else 'nobody, the bot is away'}")
    click.echo(f"current:   {found.files.current() or 'none; run `make train`'}")
    for each in found.files.candidates():
        seen = found.files.comparison(each.name)
        click.echo(f"candidate: {each.name}  {each.trained_at:%Y-%m-%d %H:%M}Z  {each.added} corrected lines")
        for line in _compared(seen) if seen else ():
            click.echo(f"    {line}")
    for name in found.files.others():
        click.echo(f"trained:   {name}")
    for one in await found.database.read(history.listed):
        click.echo(
            f"{one.asked_at:%Y-%m-%d %H:%M}Z  {one.state}  {one.from_model} → {one.to_model}  {one.why or ''}".rstrip()
        )


def _compared(found: Mapping[str, Any]) -> list[str]:
    lines = [f"compared with {found['current']}"]
    for name, each in found["sets"].items():
        before, after = each["current"], each["candidate"]
        if before is None or after is None:
            continue
        for language in before["accuracy"]:
            lines.append(f"{name} {language}: {_percent(before, language)} → {_percent(after, language)} right")
        if before["oos_false_accept"] is not None:
            shares = f"{before['oos_false_accept']:.1%} → {after['oos_false_accept']:.1%}"
            lines.append(f"{name}, out of scope: {shares} taken for something else")
        lines.append(f"{name}: {each['fixed']} lines understood now, {each['broken']} no more")
    recorded = found["recorded"]
    lines.append(f"recorded: {recorded['changed']} of {recorded['count']} messages would be understood otherwise")
    for group in recorded["groups"][:10]:
        lines.append(f"  {group['count']} × {group['before']} → {group['after']}")
    return lines


def _percent(figures: Mapping[str, Any], language: str) -> str:
    share = figures["accuracy"].get(language)
    return "–" if share is None else f"{share:.1%}"
