"""Whether a workflow can be sent: in both languages, with the shortest and the longest data, with its templates.

Pure. What reading already refuses (an unknown field, a text that is no template) is not said again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from notifications.workflows.lint.finding import LANGUAGES, Finding, Surroundings, Templates
from notifications.workflows.lint.rules_of_length import rules_of_length
from notifications.workflows.lint.rules_of_replies import rules_of_replies
from notifications.workflows.lint.rules_of_templates import rules_of_templates
from notifications.workflows.lint.rules_of_time import rules_of_time
from notifications.workflows.workflow import CHANNELS, Workflow

__all__ = ["Finding", "Surroundings", "Templates", "lint", "lint_together"]


def lint(workflow: Workflow, surroundings: Surroundings) -> list[Finding]:
    """Everything found in one workflow, in the order of its fields."""
    return sorted(
        {
            *_languages(workflow),
            *rules_of_length(workflow),
            *rules_of_replies(workflow, surroundings),
            *rules_of_templates(workflow, surroundings.templates),
            *rules_of_time(workflow),
        }
    )


def lint_together(workflows: Iterable[Workflow]) -> list[Finding]:
    """What does not fit between workflows: those about one thing share one cap."""
    groups: dict[str, list[Workflow]] = defaultdict(list)
    for workflow in workflows:
        if workflow.group is not None:
            groups[workflow.group.source].append(workflow)
    return sorted(finding for together in groups.values() for finding in _caps(together))


def _languages(workflow: Workflow) -> Iterator[Finding]:
    for channel in CHANNELS:
        draft = getattr(workflow.contents, channel)
        spoken = draft.languages if draft is not None else frozenset()
        for language in LANGUAGES:
            if spoken and language not in spoken:
                yield Finding(
                    workflow=workflow.key,
                    field=f"contents.{channel}",
                    rule="language_missing",
                    problem=f"says nothing in {language}",
                    remedy=f"Write {language}: beside {', '.join(sorted(spoken))}:",
                )


def _caps(together: list[Workflow]) -> Iterator[Finding]:
    first = together[0]
    for other in together[1:]:
        if other.cap != first.cap:
            yield Finding(
                workflow=other.key,
                field="cap",
                rule="caps_differ",
                problem=f"is {other.cap}, and {first.key} has {first.cap} for the same group",
                remedy="Give all workflows of a group the same cap: it counts their messages together",
            )
