"""Predicts what Meta would say against a template: each rule has a name, a severity, and words on how to mend it.

Pure. The lists of words that some rules compare with are given by whoever asks (`word_lists`).
"""

from collections.abc import Iterable, Sequence

from channels.whatsapp.templates.definition import Definition
from channels.whatsapp.templates.lint.finding import Finding, Severity, WordLists
from channels.whatsapp.templates.lint.rules_of_buttons import rules_of_buttons
from channels.whatsapp.templates.lint.rules_of_category import rules_of_category
from channels.whatsapp.templates.lint.rules_of_form import rules_of_form
from channels.whatsapp.templates.lint.rules_of_neighbours import rules_of_neighbours
from channels.whatsapp.templates.lint.rules_of_variables import rules_of_variables

__all__ = ["Finding", "Severity", "WordLists", "lint"]


def lint(definition: Definition, others: Iterable[Definition], words: WordLists) -> list[Finding]:
    """Everything found in one template, worst first; `others` are the templates of the same account."""
    neighbours: Sequence[Definition] = [each for each in others if each is not definition]
    findings = [
        *rules_of_form(definition),
        *rules_of_variables(definition),
        *rules_of_buttons(definition, words),
        *rules_of_category(definition, words),
        *rules_of_neighbours(definition, neighbours),
    ]
    return sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)
