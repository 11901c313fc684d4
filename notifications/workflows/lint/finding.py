"""What a rule says about a workflow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from channels.whatsapp.templates.definition import Definition

LANGUAGES: Final = ("fr", "en")
"""Those that everything here is said in."""

type Templates = Mapping[tuple[str, str], Definition]
"""By name and language."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One thing to mend in one workflow."""

    workflow: str
    field: str
    rule: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.workflow}: {self.rule}: {self.field} {self.problem}. {self.remedy}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a workflow has to fit: the templates of its business, and what the bot understands.

    None where nobody knows, as where a workflow is looked at without a bot; then nothing is said about it.
    """

    templates: Templates | None = None
    intents: frozenset[str] | None = None
    entities: frozenset[str] | None = None
