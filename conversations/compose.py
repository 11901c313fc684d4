"""Makes WhatsApp messages of what the bot said; what cannot be said becomes an apology, never silence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from channels.whatsapp.cutting import cut_titles
from channels.whatsapp.limits import MAX_BUTTON_TITLE, MAX_BUTTONS
from channels.whatsapp.messages import Button, Buttons, InvalidMessage, to_payload
from channels.whatsapp.render import Labels, render
from conversations.bot import TurnAnswer
from conversations.ports import Answer
from conversations.replies import BadPayload, Meaning, Page, TokenBook
from conversations.wording import Wording

log = structlog.get_logger()

SILENCE = {"silence": True}
"""What a response holds that says nothing on purpose: the second photo of an album needs no second thanks."""


@dataclass(slots=True)
class Composed:
    """What a turn says: payloads in order, and the tokens of its buttons."""

    payloads: list[dict[str, Any]] = field(default_factory=list)
    tokens: TokenBook = field(default_factory=TokenBook)
    locale: str | None = None
    """The person's language, where the turn settled it."""


def compose(answer: TurnAnswer, wording: Wording, locale: str) -> Composed:
    """Render the bot's responses; what cannot be rendered is logged, and apologised for if nothing else is left."""
    spoken = language(answer.events, wording.locales)
    composed = Composed(locale=spoken)
    is_silence_meant = answer.is_paused and not answer.responses
    for response in answer.responses:
        if response.get("custom") == SILENCE:
            is_silence_meant = True
            continue
        try:
            rendered = _rendered(response, composed.tokens, wording, spoken or locale)
        except (InvalidMessage, BadPayload) as error:
            # The rest of the answer still counts; what is wrong is the domain's to mend (see the log).
            log.error("turn.response_unsayable", problem=str(error))
            continue
        composed.payloads.extend(rendered)
    if answer.failed_actions:
        log.error("turn.action_failed", actions=answer.failed_actions)
    if answer.failed_actions or not (composed.payloads or is_silence_meant):
        composed.payloads.append(wording.with_menu("apology", spoken or locale, composed.tokens.reply))
    return composed


def which_one(answers: Sequence[Answer], wording: Wording, locale: str, tokens: TokenBook) -> dict[str, Any]:
    """Ask which of the newest pushes was answered: each button says what it alone is about."""
    newest = answers[:MAX_BUTTONS]
    titles = cut_titles([_apart(each, answers) for each in newest], MAX_BUTTON_TITLE)
    buttons = [
        Button(id=tokens.issue(Meaning(intent=each.intent, entities=each.entities, title=title)), title=title)
        for title, each in zip(titles, newest, strict=True)
    ]
    return to_payload(Buttons(body=wording.words("which_one", locale), buttons=tuple(buttons)))


def _apart(answer: Answer, answers: Sequence[Answer]) -> str:
    """What tells it from the others, such as the code of the delivery; else what it says."""
    for name, value in answer.entities.items():
        if any(other.entities.get(name) != value for other in answers):
            return value
    return answer.title


class Unsayable(ValueError):
    """A response that WhatsApp has no form for; the message names its place and member, and quotes nothing."""


def compose_unasked(responses: Sequence[Mapping[str, Any]], wording: Wording, locale: str) -> Composed:
    """Render what the bot says without being asked. Raises Unsayable: nobody waits for it, so nothing replaces it."""
    composed = Composed()
    for position, response in enumerate(responses):
        try:
            composed.payloads.extend(_rendered(response, composed.tokens, wording, locale))
        except (InvalidMessage, BadPayload) as error:
            raise Unsayable(f"responses[{position}]: {error}") from None
    return composed


def compose_page(page: Page, wording: Wording, locale: str) -> Composed:
    """Render the options that found no room in a list."""
    composed = Composed()
    composed.payloads.extend(_rendered(page.response, composed.tokens, wording, locale))
    return composed


def _rendered(response: Mapping[str, Any], tokens: TokenBook, wording: Wording, locale: str) -> list[dict[str, Any]]:
    labels = Labels(more=wording.words("more_row", locale), choose=wording.words("list_button", locale))
    rendered = render(response, tokens, labels)
    for cut in rendered.cuts:
        log.warning("turn.response_cut", field=cut.field, length=cut.length, limit=cut.limit)
    return [to_payload(message) for message in rendered.messages]


def language(events: Iterable[Mapping[str, Any]], known: Collection[str]) -> str | None:
    """The last language these events settled on; an assistant of somebody else's may mean others by its slot."""
    found = None
    for event in events:
        if event.get("event") == "slot" and event.get("name") == "language" and str(event.get("value")) in known:
            found = str(event["value"])
    return found
