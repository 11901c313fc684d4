"""What a rule says about a template, and the words that rules compare with."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # Meta refuses it
    WARNING = "warning"  # Meta may refuse it, move it to another category, or people will not like it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend in one template."""

    rule: str
    severity: Severity
    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.severity} {self.rule}: {self.field} {self.problem}. {self.remedy}."


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLists:
    """Words by language, in small letters."""

    promotional: Mapping[str, frozenset[str]]  # words and phrases that make a text marketing
    everyday: Mapping[str, frozenset[str]]  # words by which a language is recognised
    shorteners: frozenset[str]  # hosts that hide where a link leads


def error(rule: str, field: str, problem: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, field=field, problem=problem, remedy=remedy)


def warning(rule: str, field: str, problem: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity=Severity.WARNING, field=field, problem=problem, remedy=remedy)
