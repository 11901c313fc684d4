"""Makes WhatsApp messages of what the bot said; what cannot be said becomes an apology, never silence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from channels.whatsapp.messages import InvalidMessage, to_payload
from channels.whatsapp.render import render
from conversations.bot import TurnAnswer
from conversations.replies import BadPayload, TokenBook
from conversations.wording import Wording

log = structlog.get_logger()


@dataclass(slots=True)
class Composed:
    """What a turn says: payloads in order, and the tokens of its buttons."""

    payloads: list[dict[str, Any]] = field(default_factory=list)
    tokens: TokenBook = field(default_factory=TokenBook)
    locale: str | None = None
    """The person's language, where the turn settled it."""


def compose(answer: TurnAnswer, wording: Wording, locale: str) -> Composed:
    """Render the bot's responses; what cannot be rendered is logged, and apologised for if nothing else is left."""
    spoken = language(answer.events)
    composed = Composed(locale=spoken)
    for response in answer.responses:
        try:
            rendered = [to_payload(each) for each in render(response, composed.tokens.issue)]
        except (InvalidMessage, BadPayload) as error:
            # The rest of the answer still counts; what is wrong is the domain's to mend (see the log).
            log.error("turn.response_unsayable", problem=str(error))
            continue
        composed.payloads.extend(rendered)
    if answer.failed_actions:
        log.error("turn.action_failed", actions=answer.failed_actions)
    if answer.failed_actions or not composed.payloads:
        composed.payloads.append(wording.with_menu("apology", spoken or locale, composed.tokens.issue))
    return composed


def language(events: Iterable[Mapping[str, Any]]) -> str | None:
    """The last language these events settled on."""
    found = None
    for event in events:
        if event.get("event") == "slot" and event.get("name") == "language" and event.get("value"):
            found = str(event["value"])
    return found
