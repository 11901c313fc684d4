"""Commands about the desk's lists of talks, about what readers corrected, and talks as tests."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import click
import uvloop

from conversations.review import projection
from conversations.review.corrections import export, keeping
from conversations.review.corrections.export import Plan
from conversations.review.corrections.patch import patch
from server.commands.database import written
from server.commands.running import configured
from server.settings import ROOT
from server.transcripts.reading import read_talk
from server.transcripts.script import suggested_name, write_script
from server.transcripts.story import write_story
from storage.database import open_database

AT_ONCE = 5000
"""Turns of one transaction: a running server waits for it."""


@click.group()
def review() -> None:
    """Take corrections over into the training data; see how far the desk's lists of talks are behind.

    Example: ./relais review export
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


@review.command("export")
@click.option("--write", is_flag=True, help="Change the files.")
@click.option("--patch", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write a patch for `git apply`.")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT, hidden=True)
def export_corrections(write: bool, file: Path | None, root: Path) -> None:
    """Take what reviewers said at the desk over into data/nlu/reviewed/, and withdrawn lines out of it.

    Without an option it shows what would change. Nothing that somebody wrote there is touched; what stands in data/nlu
    already is not said again. Exit code 1 where a file has to be mended by hand first.

    Example: ./relais review export --write && make train
    """
    if write and file is not None:
        raise click.UsageError("Either --write or --patch, not both.")
    lessons, files = written(keeping.lessons), export.read_files(root)
    found = export.plan(lessons, files)
    difference = patch(files, found.files)
    if write:
        write_files(root, found.files)
    elif file is not None:
        file.write_text(difference, encoding="utf-8")
    else:
        click.echo(difference, nl=False)
    click.echo(summary(found, write=write, file=file), err=True)
    if found.problems:
        raise SystemExit(1)


@review.command("test")
@click.argument("talk_id", type=click.UUID)
@click.option("--from", "first", type=click.IntRange(min=1), help="The person's message with which it begins, from 1.")
@click.option("--to", "last", type=click.IntRange(min=1), help="The one with which it ends.")
@click.option("--name", help="What the test is called.")
@click.option("--story", is_flag=True, help="A story of Rasa's for `rasa test`, instead of a script.")
def save_as_test(talk_id: UUID, first: int | None, last: int | None, name: str | None, story: bool) -> None:
    """Print a talk as a test: a script for tests/conversations, with people's data out of it.

    The last 60 messages of the person at most. What somebody has to decide is marked FILL IN.

    Example: ./relais review test 01941c2e-6b8f-7000-8000-4d2f3c6b1a90 --from 3 > tests/conversations/kept.yml
    """
    is_demo = configured().uses_emulator
    talk = written(read_talk, str(talk_id), first, last)
    if talk is None:
        raise click.ClickException(f"There is no talk {talk_id}; its id stands in the address of its page at the desk.")
    if not talk.exchanges:
        raise click.ClickException(f"The person wrote {talk.total} messages in this talk: none is from there to there.")
    write = write_story if story else write_script
    click.echo(write(talk, name or suggested_name(talk, is_demo=is_demo), is_demo=is_demo), nl=False)


def write_files(root: Path, changed: Mapping[str, str]) -> None:
    """Let the files under this folder read so; those that read nothing go."""
    for path, text in changed.items():
        target = root / path
        if not text:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)


def summary(found: Plan, *, write: bool, file: Path | None) -> str:
    """What was done, or would be."""
    done = (
        "changed" if write else f"written to {file}" if file else "would change; --write does it, --patch FILE keeps it"
    )
    told = [f"{len(found.added)} lines come, {len(found.removed)} go; {len(found.files)} files {done}."]
    told += [f"{each.intent} is no intent of domain/: “{each.text}” waits." for each in found.temporary]
    told += [
        f"“{each.text}” as {each.intent} contradicts {place or 'a newer correction'}: it means {other} there."
        for each, place, other in found.contradicted
    ]
    told += [f"“{each.text}” is a line of the test set, and is not taught." for each in found.held_out]
    told += [f"{path}: {why}. Mend it by hand." for path, why in found.problems]
    return "\n".join(told)


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
