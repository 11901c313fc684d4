"""What the template commands do about each account: compare the files with Meta, and act on it."""

import asyncio
import difflib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click
import sqlalchemy as sa
import uvloop

from channels.whatsapp.account import RemoteTemplate
from channels.whatsapp.templates import Act, CannotBeWritten, Definition, Step, compare, definition_of
from channels.whatsapp.templates.definition import MediaHeader
from channels.whatsapp.templates.files import Folder, text_of, write
from notifications.account_watch import keep_templates
from server.accounts import Account, Meta, accounts, asking_meta
from server.commands.running import configured
from server.parts import utc_now
from server.settings import Settings
from server.template_files import template_folder
from server.template_push import End, Push
from storage.database import open_database
from storage.migrate import require_current
from storage.tables import phone_numbers

WATCH_SECONDS = 60.0
"""Between two looks at reviews, which take minutes to hours."""

IN_REVIEW = frozenset({"PENDING", "IN_APPEAL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """One account with everything a command needs to work on it."""

    settings: Settings
    account: Account
    meta: Meta
    folder: Folder

    async def steps(self) -> list[Step]:
        return compare(self.folder.definitions, await self.meta.management.templates(self.account.waba_id))


type Work = Callable[..., Awaitable[bool]]


def run(work: Work, business: str | None, waba: str | None, **options: Any) -> None:
    """Do it for each account; fails in the end where it failed for one."""
    settings = configured()

    async def each_account() -> bool:
        is_well = True
        async with asking_meta(settings) as meta:
            for account in accounts(settings, business, waba):
                folder = template_folder(settings.templates_dir, account.business)
                for problem in folder.problems:
                    click.echo(problem, err=True)
                click.echo(f"{account.business} (account {account.waba_id})")
                here = Here(settings=settings, account=account, meta=meta, folder=folder)
                is_well = await work(here, **options) and not folder.problems and is_well
        return is_well

    if not uvloop.run(each_account()):
        raise SystemExit(1)


async def show_list(here: Here) -> bool:
    """One line for each template of either side."""
    for step in await here.steps():
        remote = step.remote
        state = "not at Meta" if remote is None else f"{remote.status} {remote.category}"
        click.echo(f"  {_title(step)}  {state:<24}  {_against(step)}")
    return True


async def show_diff(here: Here) -> bool:
    """What differs, as lines of the files. False when something does."""
    is_same = True
    for step in await here.steps():
        if step.act is Act.NOTHING:
            continue
        is_same = False
        click.echo(f"  {_title(step)}  {_against(step)}")
        if step.definition is not None and step.remote is not None:
            for line in _lines_that_differ(step.definition, step.remote):
                click.echo(f"    {line}")
    if is_same:
        click.echo("  The files and Meta say the same.")
    return is_same


async def push(here: Here, *, dry_run: bool, despite_lint: bool) -> bool:
    """Create and edit. False when something was held back or refused."""
    pushing = Push(here.meta, here.account, here.folder, here.settings.whatsapp_app_id)
    ends: list[End] = []
    async for pushed in pushing.run(await here.steps(), dry_run=dry_run, despite_lint=despite_lint):
        click.echo(f"  {_title(pushed.step)}  {pushed.end}: {pushed.words}")
        ends.append(pushed.end)
    if not ends:
        click.echo("  Meta has everything as the files say.")
    return not {End.HELD, End.REFUSED} & set(ends)


async def pull(here: Here, *, overwrite: bool) -> bool:
    """Write files. False when a template could not be written as one."""
    is_well = True
    for step in await here.steps():
        if step.remote is None or step.act is Act.NOTHING:
            continue
        if step.definition is not None and not overwrite:
            click.echo(f"  {_title(step)}  left: its file differs ({', '.join(step.differences)}); see --overwrite")
            continue
        try:
            definition = _completed(definition_of(step.remote), step.definition)
        except CannotBeWritten as error:
            click.echo(f"  {_title(step)}  not written: {error}")
            is_well = False
            continue
        click.echo(f"  {_title(step)}  written to {write(here.folder.path, definition).name}")
    return is_well


async def status(here: Here, *, watch: bool) -> bool:
    """Ask, keep, print; with `watch` again until nothing is in review. False when one cannot be sent for good."""
    while True:
        listed = await here.meta.management.templates(here.account.waba_id)
        await _keep(here, listed)
        for each in sorted(listed, key=lambda each: (each.name, each.language)):
            click.echo(f"  {each.name:<28} {each.language:<6} {_state(each, here.folder)}")
        if not watch or not any(each.status in IN_REVIEW for each in listed):
            return not any(each.status in ("REJECTED", "DISABLED") for each in listed)
        click.echo("  …")
        await asyncio.sleep(WATCH_SECONDS)


async def delete(here: Here, *, name: str, language: str | None) -> bool:
    """Delete one language by its id, or all. False when Meta has no such template."""
    named = [each for each in await here.meta.management.templates(here.account.waba_id) if each.name == name]
    if language is None and named:
        await here.meta.management.delete_template(here.account.waba_id, name)
        click.echo(f"  {name}: deleted in {', '.join(sorted(each.language for each in named))}.")
        return True
    found = [each for each in named if each.language == language]
    for each in found:
        await here.meta.management.delete_template(here.account.waba_id, name, each.id)
        click.echo(f"  {name}: deleted in {each.language}.")
    if not found:
        click.echo(f"  Meta has no {name}{f' in {language}' if language else ''}.")
    return bool(found)


async def _keep(here: Here, listed: Sequence[RemoteTemplate]) -> None:
    database = open_database(here.settings.database)
    n = phone_numbers.c
    query = sa.select(n.business_id).distinct().where(n.waba_id == here.account.waba_id)
    try:
        await database.read(require_current)
        for business_id in await database.read(lambda connection: connection.scalars(query).all()):
            await database.write(
                keep_templates, business_id, here.account.waba_id, listed, here.folder.definitions, utc_now()
            )
    finally:
        await database.close()


def _state(remote: RemoteTemplate, folder: Folder) -> str:
    quality = f", quality {remote.quality}" if remote.quality not in (None, "UNKNOWN") else ""
    reason = f": {remote.rejected_reason}" if remote.rejected_reason else ""
    wanted = [
        each.category for each in folder.definitions if (each.name, each.language) == (remote.name, remote.language)
    ]
    drift = f" (its file says {wanted[0]})" if wanted and wanted[0].upper() != remote.category else ""
    coming = f" (Meta will make it {remote.correct_category})" if remote.correct_category else ""
    return f"{remote.status}{reason}, {remote.category}{drift}{coming}{quality}"


def _title(step: Step) -> str:
    return f"{step.name:<28} {step.language:<6}"


def _against(step: Step) -> str:
    differs = f" ({', '.join(step.differences)})" if step.differences else ""
    note = f"; {step.note}" if step.note else ""
    words = {Act.NOTHING: "as its file says", Act.CREATE: "to be created", Act.EDIT: "differs", Act.BLOCKED: "differs"}
    return f"{words.get(step.act, 'has no file')}{differs}{note}"


def _lines_that_differ(ours: Definition, remote: RemoteTemplate) -> list[str]:
    try:
        theirs = _completed(definition_of(remote), ours)
    except CannotBeWritten as error:
        return [f"Meta's cannot be written as a file: {error}"]
    lines = difflib.unified_diff(
        text_of(theirs).splitlines(), text_of(ours).splitlines(), "at Meta", "in the file", lineterm="", n=1
    )
    return list(lines)


def _completed(theirs: Definition, ours: Definition | None) -> Definition:
    """With what our file says and Meta does not know."""
    if ours is None:
        return theirs
    kept: dict[str, Any] = {"examples": {**theirs.examples, **ours.examples}, "alternate": ours.alternate}
    if isinstance(ours.header, MediaHeader) and getattr(theirs.header, "type", None) == ours.header.type:
        kept["header"] = ours.header
    return theirs.model_copy(update=kept)
