"""`relais lint`: whether intents, rules, responses, actions, workflows and transcripts fit together."""

import sys
from pathlib import Path

import click
import httpx

from server.lint import lint as problems_of
from server.settings import ROOT


@click.command()
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT, hidden=True)
def lint(root: Path) -> None:
    """Say what does not fit together in domain/, data/, actions/, workflows/ and tests/: a line for each problem.

    Intents without a rule, names that do not exist, responses that nobody says or that lack a language, messages that
    WhatsApp would cut or refuse with the longest data, buttons that mean nothing, too few examples, workflows that
    cannot be sent in both languages. Exit code 1 if
    there is anything to mend. Needs no settings and no trained model.

    Example: ./relais lint
    """
    found = problems_of(root, running_actions())
    for problem in found:
        click.echo(str(problem))
    if found:
        sys.exit(1)


def running_actions() -> frozenset[str]:
    """The names of the actions that the action server has."""
    from actions.__main__ import all_actions
    from actions.people import PeopleClient
    from backend import BackendClient

    http = httpx.AsyncClient(trust_env=False)
    return frozenset(action.name() for action in all_actions(PeopleClient(http, "", ""), BackendClient(http, "", "")))
