"""Commands about message templates: their files, what Meta has of them, and what Meta decided."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from channels.whatsapp.messages import to_payload
from channels.whatsapp.templates import Definition, fill, preview
from channels.whatsapp.templates.files import Folder, read, read_folder
from channels.whatsapp.templates.lint import Severity, lint
from channels.whatsapp.templates.word_lists import word_lists
from server.commands import template_sync
from server.settings import ROOT

FOLDER = ROOT / "templates"


@click.group()
def templates() -> None:
    """Write, check and publish message templates, and see what Meta decided about them.

    Example: ./relais templates lint && ./relais templates push --dry-run
    """


def _of_an_account(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("--waba", help="Only this WhatsApp Business Account, by its id.")(command)
    return click.option("--business", help="Only this business, by its slug in business.yml.")(command)


@templates.command("lint")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--folder", default=FOLDER, type=click.Path(file_okay=False, path_type=Path), help="Where the files are.")
@click.option("--strict", is_flag=True, help="Fail for warnings, too.")
def lint_files(files: Sequence[Path], folder: Path, strict: bool) -> None:
    """Predict what Meta would say against the templates; all files of the folder, or those named.

    Asks nobody. Fails when an error is found.

    Example: ./relais templates lint templates/mission_reminder.fr.yml
    """
    found = read_folder(folder)
    chosen = [read(file) for file in files] if files else list(found.definitions)
    wrong = list(found.problems) if not files else []
    for problem in wrong:
        click.echo(problem)
    for each in chosen:
        for finding in lint(each, _others(each, found), word_lists()):
            click.echo(f"{each.name}.{each.language}: {finding}")
            if strict or finding.severity is Severity.ERROR:
                wrong.append(finding.rule)
    if wrong:
        raise click.ClickException(f"{len(wrong)} to mend before Meta sees them.")
    click.echo(f"{len(chosen)} templates, nothing that Meta would reject.")


@templates.command("show")
@click.argument("name")
@click.option("--language", default="fr", show_default=True)
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A variable's value; else its example.")
@click.option("--json", "as_json", is_flag=True, help="Print the message as WhatsApp would be sent it.")
@click.option("--folder", default=FOLDER, type=click.Path(file_okay=False, path_type=Path), help="Where the files are.")
def show(name: str, language: str, values: Sequence[str], as_json: bool, folder: Path) -> None:
    """Show how a template reads with its examples, or with your values.

    Example: ./relais templates show mission_reminder --set first_name=Grace --set code=COUR-1
    """
    definition = _one(read_folder(folder), name, language)
    given = {**definition.examples, **dict(_pair(each) for each in values)}
    if as_json:
        import json

        click.echo(json.dumps(to_payload(fill(definition, given)), ensure_ascii=False, indent=2))
    else:
        click.echo(preview(definition, given))


@templates.command("list")
@_of_an_account
def list_templates(business: str | None, waba: str | None) -> None:
    """List every template: its file here, and its state at Meta.

    Example: ./relais templates list --business kimia
    """
    template_sync.run(template_sync.show_list, business, waba)


@templates.command("diff")
@_of_an_account
def diff(business: str | None, waba: str | None) -> None:
    """Show what differs between the files and Meta. Fails when something does.

    Example: ./relais templates diff
    """
    template_sync.run(template_sync.show_diff, business, waba)


@templates.command("push")
@_of_an_account
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--despite-lint", is_flag=True, help="Let Meta judge what lint calls an error.")
def push(business: str | None, waba: str | None, dry_run: bool, despite_lint: bool) -> None:
    """Create at Meta what is missing there and edit what differs. Deletes nothing.

    Meta takes 100 new templates in an hour. An approved one may be edited once in 24 hours and ten times in 30 days,
    and is reviewed anew; what it refuses to edit now is said and left. Fails when something could not be pushed.

    Example: ./relais templates push --dry-run
    """
    template_sync.run(template_sync.push, business, waba, dry_run=dry_run, despite_lint=despite_lint)


@templates.command("pull")
@_of_an_account
@click.option("--overwrite", is_flag=True, help="Replace files that differ, too.")
def pull(business: str | None, waba: str | None, overwrite: bool) -> None:
    """Write a file for each template that Meta has and the folder has not.

    Example: ./relais templates pull --business kimia
    """
    template_sync.run(template_sync.pull, business, waba, overwrite=overwrite)


@templates.command("status")
@_of_an_account
@click.option("--watch", is_flag=True, help="Ask again every minute until nothing is in review.")
def status(business: str | None, waba: str | None, watch: bool) -> None:
    """Ask Meta how each template is, keep that for the server, and print it.

    Example: ./relais templates status --watch
    """
    template_sync.run(template_sync.status, business, waba, watch=watch)


@templates.command("delete")
@click.argument("name")
@_of_an_account
@click.option("--language", help="Delete this language alone.")
@click.option("--all-languages", is_flag=True, help="Delete the name with all its languages.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def delete(
    name: str, business: str | None, waba: str | None, language: str | None, all_languages: bool, yes: bool
) -> None:
    """Delete a template at Meta; its file stays.

    Meta keeps the name of a deleted template from being used again for 30 days.

    Example: ./relais templates delete promotional_offer --language en
    """
    if (language is None) != all_languages:
        raise click.UsageError("Say --language fr for one language, or --all-languages.")
    if not yes:
        click.confirm(f"Delete {name} in {language or 'ALL languages'} at Meta?", abort=True)
    template_sync.run(template_sync.delete, business, waba, name=name, language=language)


def _others(definition: Definition, folder: Folder) -> list[Definition]:
    key = (definition.name, definition.language)
    return [each for each in folder.definitions if (each.name, each.language) != key]


def _one(folder: Folder, name: str, language: str) -> Definition:
    for each in folder.definitions:
        if (each.name, each.language) == (name, language):
            return each
    problems = f" {folder.problems[0]}" if folder.problems else ""
    raise click.ClickException(f"There is no {name}.{language}.yml in {folder.path.name}/.{problems}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError("Write a value as --set name=value.")
    return name, value
