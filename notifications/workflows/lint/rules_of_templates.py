"""Rules of templates: they exist in each language, take these values and no others, and have the same buttons."""

from collections.abc import Iterator
from typing import Final

from channels.whatsapp.templates.definition import Definition, QuickReply
from notifications.workflows.drafts import ANY, TemplateDraft, WhatsAppDraft
from notifications.workflows.lint.finding import LANGUAGES, Finding, Templates
from notifications.workflows.workflow import Workflow

FIELD: Final = "contents.whatsapp.template"


def rules_of_templates(workflow: Workflow, templates: Templates | None) -> Iterator[Finding]:
    """Nothing where the workflow has no template, or where nobody knows which there are."""
    draft = workflow.contents.whatsapp
    if draft is None or templates is None:
        return
    if draft.template is None:
        problem = "is missing: outside of the 24 hours nothing can be said on WhatsApp"
        yield _finding(workflow, "template_missing", problem, "Add template: with its name and values")
        return
    for language in LANGUAGES:
        definition = templates.get((draft.template.name, language))
        if definition is None:
            file = f"templates/{draft.template.name}.{language}.yml"
            yield _finding(workflow, "template_unknown", f"names {draft.template.name}", f"Write {file}")
        else:
            yield from _values(workflow, draft.template, definition)
            yield from _buttons(workflow, draft, definition, language)
            yield from _category(workflow, definition)


def _values(workflow: Workflow, draft: TemplateDraft, definition: Definition) -> Iterator[Finding]:
    asked, given = set(definition.variables), set(draft.values)
    file = f"{definition.name}.{definition.language}"
    for name in sorted(asked - given):
        yield _finding(workflow, "value_missing", f"gives no {name}, which {file} asks for", f"Add values.{name}")
    for name in sorted(given - asked):
        yield _finding(workflow, "value_unknown", f"gives {name}, which {file} does not ask for", f"Take {name} away")
    if definition.header_variables or definition.button_variables:
        problem = f"names {file}, which has a variable outside of its body"
        yield _finding(workflow, "value_place", problem, "Move the variable to the body")


def _buttons(workflow: Workflow, draft: WhatsAppDraft, definition: Definition, language: str) -> Iterator[Finding]:
    """A tap means the same in both forms, so the quick replies stand in the order of the buttons."""
    ours = [button.title.get(language, button.title.get(ANY, "")) for button in draft.buttons]
    theirs = [button.text for button in definition.buttons[: len(ours)] if isinstance(button, QuickReply)]
    if ours != theirs:
        problem = (
            f"has the buttons {_listed(theirs)} in {definition.name}.{language}, and beside the text {_listed(ours)}"
        )
        yield _finding(workflow, "buttons_differ", problem, "Give both the same buttons in the same order")


def _category(workflow: Workflow, definition: Definition) -> Iterator[Finding]:
    is_ours, is_theirs = workflow.category == "marketing", definition.category == "marketing"
    if is_ours != is_theirs:
        problem = (
            f"is {definition.category} in {definition.name}.{definition.language}, and the workflow {workflow.category}"
        )
        yield _finding(workflow, "category_differs", problem, "File both as marketing, or neither")


def _listed(titles: list[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles) or "none"


def _finding(workflow: Workflow, rule: str, problem: str, remedy: str) -> Finding:
    return Finding(workflow=workflow.key, field=FIELD, rule=rule, problem=problem, remedy=remedy)
