"""Writes the texts of one content in one language, for one person; whatever goes wrong names its field."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Self

import jinja2

from notifications.workflows.anchor import Anchor
from notifications.workflows.drafts import ANY, Words
from notifications.workflows.errors import CannotRender
from notifications.workflows.jinja import render_text
from notifications.workflows.schema import problems
from notifications.workflows.values import BusinessFacts, Clean, Person, as_typed, context_of, for_chat
from notifications.workflows.workflow import FALLBACK_LOCALE, Workflow

_CLEAN: Final[Mapping[str, Clean]] = {"whatsapp": for_chat}
"""Channels with a markup of their own; everywhere else signs stay as they were typed."""


class Pen:
    """A language and what fills the templates."""

    __slots__ = ("_channel", "_context", "_workflow", "language")

    def __init__(self, workflow: Workflow, channel: str, language: str, context: dict[str, Any]) -> None:
        self._workflow = workflow
        self._channel = channel
        self._context = context
        self.language = language

    @classmethod
    def of(
        cls,
        workflow: Workflow,
        channel: str,
        languages: frozenset[str],
        locale: str,
        person: Person,
        business: BusinessFacts,
        payload: Mapping[str, Any],
        events: Sequence[Mapping[str, Any]] = (),
        anchor: Anchor | None = None,
    ) -> Self:
        """Raises CannotRender for a payload that lacks what the workflow needs."""
        language = choose_language(languages, locale, business.default_locale)
        clean = _CLEAN.get(channel, as_typed)
        try:
            context = context_of(workflow.payload, payload, person, business, events, language, clean, anchor)
        except (ValueError, KeyError, TypeError, ArithmeticError):
            raise CannotRender(workflow.key, *_what_is_wrong(workflow, person, business, payload, events)) from None
        return cls(workflow, channel, language, context)

    def write(self, where: str, words: Words, *, html: bool = False) -> str:
        """A text in the language. Raises CannotRender."""
        text = words.get(self.language)
        return self.fill(where, words[ANY] if text is None else text, html=html)

    def optional(self, where: str, words: Words | None) -> str | None:
        """A text, or None where there is none or it comes out empty."""
        return None if words is None else self.write(where, words) or None

    def write_all(self, where: str, templates: Mapping[str, str]) -> dict[str, str]:
        """Each template of a mapping."""
        return {name: self.fill(f"{where}.{name}", text) for name, text in templates.items()}

    def fill(self, where: str, text: str, *, html: bool = False) -> str:
        """One template. Raises CannotRender."""
        try:
            return render_text(text, self._context, html)
        except jinja2.TemplateError as error:
            raise self.failed(where, f"cannot be written: {error.message}") from None
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            # Its words could repeat what the payload holds.
            raise self.failed(where, f"cannot be written: {type(error).__name__}") from None

    def failed(self, where: str, problem: str) -> CannotRender:
        """The error about one field of this content."""
        return CannotRender(self._workflow.key, f"{self._channel}.{where}", problem)


@lru_cache(maxsize=1024)
def choose_language(languages: frozenset[str], locale: str, default: str) -> str:
    """The first of the person's, the business's and French in which there are words."""
    chain = (*_forms(locale), *_forms(default), FALLBACK_LOCALE)
    if not languages:
        return chain[1]
    return next((each for each in chain if each in languages), min(languages))


def _forms(locale: str) -> tuple[str, str]:
    return locale, locale.replace("_", "-").partition("-")[0].lower()


def _what_is_wrong(
    workflow: Workflow,
    person: Person,
    business: BusinessFacts,
    payload: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]],
) -> tuple[str, str]:
    for each in (payload, *events):
        for problem in problems(workflow.payload, each):
            return problem.field, problem.problem
    return "person.timezone", "is no time zone such as Africa/Brazzaville"
