"""Whether what the assistant understands, decides and says fits together: `relais lint`.

Each check takes the project and yields problems; none changes anything, starts anything or needs a trained model.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from server.lint import decisions, examples, responses, transcripts, workflows
from server.lint.project import Problem, Project, Unreadable, read_project

__all__ = ["CHECKS", "Problem", "lint"]

type Check = Callable[[Project], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    decisions.intents_without_a_rule,
    decisions.names_nobody_knows,
    decisions.actions_nobody_runs,
    decisions.questions_nobody_asks,
    responses.unsaid_and_unwritten,
    responses.one_language_without_the_other,
    responses.what_does_not_fit,
    responses.buttons_without_a_meaning,
    responses.texts_without_their_other_language,
    examples.too_few,
    examples.said_twice,
    transcripts.what_nobody_reads,
    workflows.what_cannot_be_sent,
)


def lint(root: Path, running: frozenset[str]) -> list[Problem]:
    """Every problem of the project in this folder; `running` names the actions that the action server has."""
    try:
        project = read_project(root, running)
    except Unreadable as error:
        return [error.problem]
    return sorted({problem for check in CHECKS for problem in check(project)})
