"""Answers to a notification: what each would mean for these data, and which one somebody typed."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from notifications.workflows.anchor import Anchor
from notifications.workflows.pen import Pen
from notifications.workflows.values import BusinessFacts, Person
from notifications.workflows.workflow import Effect, Workflow

_NO_WORD = re.compile(r"[^\w⭐]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReply:
    """One answer that is open: whoever taps or types it means `intent` with `entities`."""

    key: str
    title: str
    words: tuple[str, ...]  # bare, of every language: people answer in the one they think in
    intent: str
    entities: Mapping[str, str] = field(repr=False)
    effect: Effect | None = None


def open_replies(
    workflow: Workflow,
    locale: str,
    person: Person,
    business: BusinessFacts,
    payload: Mapping[str, Any],
    anchor: Anchor | None = None,
) -> tuple[OpenReply, ...]:
    """The answers that a notification opens. Raises CannotRender."""
    if workflow.reply is None:
        return ()
    spoken = frozenset[str]().union(*(option.title for option in workflow.reply.options))
    pen = Pen.of(workflow, "reply", spoken, locale, person, business, payload, anchor=anchor)
    return tuple(
        OpenReply(
            key=option.key,
            title=pen.write("title", option.title),
            words=tuple(
                dict.fromkeys(
                    bare(word) for words in (*option.words.values(), tuple(option.title.values())) for word in words
                )
            ),
            intent=option.intent,
            entities=pen.write_all("entities", option.entities),
            effect=option.effect,
        )
        for option in workflow.reply.options
    )


def reply_meant(replies: Sequence[OpenReply], text: str) -> OpenReply | None:
    """The answer that somebody typed: one of its words and nothing else; case, accents and signs do not count."""
    typed = bare(text)
    return next((each for each in replies if typed in each.words), None)


def bare(word: str) -> str:
    """A word as it is compared; one that is made of signs alone stays as it is."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _NO_WORD.sub(" ", letters).strip() or word.strip()
