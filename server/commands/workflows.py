"""Commands about workflows: which there are, what each does, how it reads and costs, and what is wrong with it."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from channels.whatsapp.templates.files import read_folder as read_templates
from notifications.prices import Category
from notifications.prices.files import our_price_book
from notifications.quiet import QuietHours, read_quiet_hours
from notifications.workflows import Workflow, preview
from notifications.workflows.files import WorkflowFolder, read_folder
from notifications.workflows.lint import Templates
from server import businesses
from server.commands.workflow_views import channel_lines, cost_lines, fields_of, quiet_line, steps_of
from server.lint.project import read_project
from server.lint.workflows import what_cannot_be_sent
from server.settings import ROOT
from server.template_files import template_folder

_root = click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT, hidden=True)
_business = click.option("--business", help="With what this business has of its own, by its slug in business.yml.")


@click.group()
def workflows() -> None:
    """Read, check and preview workflows: what is sent when, on which channels, in which words.

    Example: ./relais workflows preview mission-delivered --language en
    """


@workflows.command("list")
@_business
@_root
def list_workflows(business: str | None, root: Path) -> None:
    """List every workflow: its category, its lane, its channels, its version.

    Example: ./relais workflows list --business kimia
    """
    found = read_folder(root / "workflows", business)
    for workflow in found.workflows.values():
        channels = ", ".join(workflow.channels)
        click.echo(f"{workflow.key:24} {workflow.category:14} {workflow.lane:10} {workflow.version}  {channels}")
    _fail_for(found)


@workflows.command("show")
@click.argument("key")
@_business
@_root
def show(key: str, business: str | None, root: Path) -> None:
    """Show what a workflow does, step by step, and what it needs to know.

    Example: ./relais workflows show mission-reminder
    """
    workflow = _one(read_folder(root / "workflows", business), key)
    click.echo(f"{workflow.key} ({workflow.version}): {workflow.title}")
    click.echo(f"category {workflow.category}, lane {workflow.lane}{', critical' if workflow.critical else ''}")
    click.echo(quiet_line(workflow, _quiet_hours(root, business)))
    if workflow.group is not None:
        rank = "" if workflow.rank is None else f", rank {workflow.rank}"
        click.echo(f"group {workflow.group.source}{rank}")
    click.echo("\nSteps:")
    for number, line in enumerate(steps_of(workflow), 1):
        click.echo(f"  {number}. {line}")
    click.echo("\nPayload:")
    for line in fields_of(workflow):
        click.echo(f"  {line}")
    for option in workflow.reply.options if workflow.reply else ():
        words = ", ".join(word for each in option.words.values() for word in each)
        click.echo(f"\nAnswer {option.key}: {words}\n  means {option.intent}{_effect(option.effect)}")


@workflows.command("preview")
@click.argument("key")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option("--country", default="CG", show_default=True, help="Whose prices, as two letters.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Prices of this day; else of today.")
@_business
@_root
def show_preview(key: str, language: str, country: str, on: datetime | None, business: str | None, root: Path) -> None:
    """Show what a workflow says on each channel with its examples, and what that would cost.

    Example: ./relais workflows preview order-confirmed --language en --country FR --on 2026-10-01
    """
    workflow = _one(read_folder(root / "workflows", business), key)
    at: date = (on or datetime.now(UTC)).date()
    category: Category = "marketing" if workflow.category == "marketing" else "utility"
    draft = workflow.contents.whatsapp
    name = draft.template.name if draft and draft.template else ""
    click.echo(f"{quiet_line(workflow, _quiet_hours(root, business))}\n")
    template = _templates(root, business).get((name, language))
    for channel, rendered in preview(workflow, language).items():
        click.secho(f"== {channel}", bold=True)
        for line in channel_lines(rendered, template):
            click.echo(line)
        for line in cost_lines(our_price_book(), rendered, country, at, category):
            click.echo(f"-- {line}")
        click.echo()


def _quiet_hours(root: Path, business: str | None) -> QuietHours | None:
    """The business's own; without one nobody knows."""
    own = next((each for each in businesses.read(root / "business.yml") if each.slug == business), None)
    return read_quiet_hours(own.quiet_hours.model_dump()) if own is not None and own.quiet_hours else None


@workflows.command("lint")
@_root
def lint_workflows(root: Path) -> None:
    """Say what keeps a workflow from being sent; a line for each problem.

    Each is rendered in both languages with the shortest and the longest data, within each channel's limits, and
    compared with its templates and with what the bot understands. `./relais lint` does the same among other things.

    Example: ./relais workflows lint
    """
    project = read_project(root, frozenset(), only=("domain/*.yml", "business.yml"))
    found = sorted(set(what_cannot_be_sent(project)))
    for problem in found:
        click.echo(str(problem))
    if found:
        sys.exit(1)
    click.echo(f"{len(read_folder(root / 'workflows').workflows)} workflows, nothing to mend.")


def _one(folder: WorkflowFolder, key: str) -> Workflow:
    if key in folder.workflows:
        return folder.workflows[key]
    for problem in folder.problems:
        if Path(problem.source).stem == key:
            raise problem
    known = ", ".join(folder.workflows) or "none"
    raise click.ClickException(f"There is no workflow {key}; there are {known}.")


def _templates(root: Path, business: str | None) -> Templates:
    folder = root / "templates"
    found = read_templates(folder) if business is None else template_folder(folder, business)
    return {(each.name, each.language): each for each in found.definitions}


def _effect(effect: str | None) -> str:
    return f", which is to {effect}" if effect else ""


def _fail_for(folder: WorkflowFolder) -> None:
    for problem in folder.problems:
        click.echo(str(problem), err=True)
    if folder.problems:
        sys.exit(1)
