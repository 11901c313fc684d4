"""Rules of length: what a channel would cut, refuse, or charge too much for, with the shortest and longest data."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from channels.sms.segments import segmented
from channels.whatsapp import limits
from notifications.workflows.anchor import Anchor
from notifications.workflows.errors import CannotRender
from notifications.workflows.lint.extremes import (
    LARGE_BUSINESS,
    LONG_MOMENT,
    NOBODY,
    SMALL_BUSINESS,
    SOMEBODY,
    longest,
    shortest,
)
from notifications.workflows.lint.finding import LANGUAGES, Finding
from notifications.workflows.rendered import EmailContent, InAppContent, Rendered, SmsContent, WhatsAppContent
from notifications.workflows.rendering import render
from notifications.workflows.values import BusinessFacts, Person
from notifications.workflows.workflow import CHANNELS, Workflow

MOST_SEGMENTS: Final = 3
"""of one SMS; each is paid for. Our choice."""

MOST_SUBJECT: Final = 200
"""characters of an email's subject with the longest data. Mail programs show about 70; our choice."""

MOST_INAPP_TITLE: Final = 150
"""characters with the longest data; our choice."""

MOST_INAPP_BODY: Final = 500
"""characters with the longest data; our choice."""


def rules_of_length(workflow: Workflow) -> Iterator[Finding]:
    """What comes of the extremes, on each channel that the workflow has words for."""
    extremes = (
        (
            "shortest",
            NOBODY,
            SMALL_BUSINESS,
            shortest(workflow.payload),
            LONG_MOMENT if workflow.needs_anchor else None,
        ),
        ("longest", SOMEBODY, LARGE_BUSINESS, longest(workflow.payload), LONG_MOMENT),
    )
    for channel in CHANNELS:
        if getattr(workflow.contents, channel) is None:
            continue
        for language in LANGUAGES:
            for which, person, business, payload, anchor in extremes:
                where = f"contents.{channel}, in {language} with the {which} data,"
                yield from _found(workflow, channel, language, where, person, business, payload, anchor)


def _found(
    workflow: Workflow,
    channel: Any,
    language: str,
    where: str,
    person: Person,
    business: BusinessFacts,
    payload: Mapping[str, Any],
    anchor: Anchor | None,
) -> Iterator[Finding]:
    try:
        rendered = render(
            workflow, channel, language, person, business, payload, events=(payload, payload), anchor=anchor
        )
    except CannotRender as error:
        yield _finding(workflow, where, "unsayable", f"fails: {error.where} {error.problem}", "Mend that text")
        return
    for problem, remedy in _problems(rendered):
        yield _finding(workflow, where, "too_long", problem, remedy)


def _problems(rendered: Rendered) -> Iterator[tuple[str, str]]:
    match rendered:
        case WhatsAppContent():
            yield from _measured("text", limits.length(rendered.said), _room(rendered))
        case SmsContent(text=text):
            yield from _measured("text, in segments,", segmented(text).count, MOST_SEGMENTS)
        case EmailContent(subject=subject):
            yield from _measured("subject", len(subject), MOST_SUBJECT)
        case InAppContent(title=title, body=body):
            yield from _measured("title", len(title), MOST_INAPP_TITLE)
            yield from _measured("body", len(body), MOST_INAPP_BODY)


def _measured(what: str, found: int, most: int) -> Iterator[tuple[str, str]]:
    if found > most:
        yield f"has a {what} of {found}; at most {most} are wanted", "Shorten it, or lower longest: of a field"
    elif not found:
        yield f"has an empty {what}", "Say something also where fields are missing"


def _room(content: WhatsAppContent) -> int:
    """Units that fit where the text stands."""
    kind = content.free_form[0]["type"]
    return {"interactive": limits.MAX_INTERACTIVE_BODY, "image": limits.MAX_CAPTION}.get(kind, limits.MAX_TEXT_BODY)


def _finding(workflow: Workflow, field: str, rule: str, problem: str, remedy: str) -> Finding:
    return Finding(workflow=workflow.key, field=field, rule=rule, problem=problem, remedy=remedy)
