"""The workflows: whether each can be sent in both languages, with its templates, to a bot that knows the answers."""

from collections.abc import Iterator
from pathlib import Path

from channels.whatsapp.templates.files import read_folder as read_templates
from notifications.workflows.files import read_folder
from notifications.workflows.lint import Surroundings, Templates, lint, lint_together
from server.lint.project import Problem, Project
from server.template_files import template_folder

FOLDER = "workflows"


def what_cannot_be_sent(project: Project) -> Iterator[Problem]:
    """Everything that reading and lint say, for all businesses and for each with workflows or templates of its own."""
    folder = project.root / FOLDER
    for inside in sorted(path for path in folder.glob("*") if path.is_dir()):
        if inside.name not in project.businesses:
            yield Problem(f"{FOLDER}/{inside.name}", 1, "is no business of business.yml: name the folder by its slug.")
    yield from _of_business(project, None)
    for business in project.businesses:
        if (folder / business).is_dir() or (project.root / "templates" / business).is_dir():
            yield from _of_business(project, business)


def _of_business(project: Project, business: str | None) -> Iterator[Problem]:
    root = project.root / FOLDER
    found = read_folder(root, business)
    for bad in found.problems:
        yield Problem(_file(root, business, Path(bad.source).stem), 1, str(bad))
    surroundings = Surroundings(
        templates=_templates(project, business),
        intents=frozenset(project.intents),
        entities=frozenset(project.entities),
    )
    workflows = found.workflows.values()
    for finding in [*(each for one in workflows for each in lint(one, surroundings)), *lint_together(workflows)]:
        yield Problem(_file(root, business, finding.workflow), 1, str(finding))


def _file(root: Path, business: str | None, key: str) -> str:
    own = business is not None and (root / business / f"{key}.yml").is_file()
    return f"{FOLDER}/{business}/{key}.yml" if own else f"{FOLDER}/{key}.yml"


def _templates(project: Project, business: str | None) -> Templates:
    folder = project.root / "templates"
    found = template_folder(folder, business) if business is not None else read_templates(folder)
    return {(each.name, each.language): each for each in found.definitions}
