"""Hands a turn to the bot over HTTP and takes its responses and events back.

BotError
├── BotAway      the bot cannot take turns now: the turn waits, and nothing counts against it
├── TurnRefused  the bot will never take this turn as it is
└── TurnFailed   the bot took the turn and could not answer: a real failure
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from channels.transport import AnswerLost, NotSent, Transport
from conversations.ports import Note

TURN_SECONDS = 20.0
"""A turn's time limit: longer than an action's 12 s, shorter than the conversation's lease of 30 s."""

READY_SECONDS = 2.0

FORGET_SECONDS = 35.0
"""The bot waits up to 30 s for a turn of the same person that is under way."""


class BotError(Exception):
    """The bot gave no answer; the message says why, without the person's words."""


class BotAway(BotError):
    """Not started, restarting, or not reachable."""


class TurnRefused(BotError):
    """What was asked means nothing to the bot: words without a visible letter, an intent its model no longer has."""


class TurnFailed(BotError):
    """The turn raised, took too long, or its answer was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRequest:
    """One turn for the bot: words to understand, or the meaning of a tap."""

    turn_id: str
    sender_id: str
    text: str
    intent: str | None = None
    """Set for a tap, a place or a bare file: then nothing is left to understand, and `text` is what the person saw."""
    entities: Mapping[str, Any] | None = None
    """Of the intent, or what came beside the words."""
    slots: Mapping[str, Any]
    about: Mapping[str, str] = field(default_factory=dict)
    """The delivery or order of the push that the words quote, as of a note."""
    notes: Sequence[Note] = ()
    """What was said to the person outside the bot since their last turn."""

    def to_json(self) -> dict[str, Any]:
        entities = _entities(self.entities or {})
        said: dict[str, Any] = {"text": self.text, "entities": entities} if entities else {"text": self.text}
        if self.intent is not None:
            intent = {"name": self.intent, "confidence": 1.0}
            said = {"parse_data": {"text": self.text, "intent": intent, "entities": entities}}
        return {
            "turn_id": self.turn_id,
            "sender_id": self.sender_id,
            **said,
            "slots": {**self.slots, **_on_screen(self.about)},
            "notes": [_told(note) for note in self.notes],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAnswer:
    """What came back: responses in order, and the conversation events of this turn."""

    responses: list[dict[str, Any]]
    events: list[dict[str, Any]]
    failed_actions: list[str]
    """Actions that raised or took too long: the turn ended there, and what was said may be nothing."""
    replayed: bool
    is_paused: bool = False
    """The assistant leaves this conversation to a human: it says nothing, and that is no failure."""


class Bot:
    """The bot process behind its address."""

    def __init__(self, transport: Transport, base_url: str, secret: str) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    async def turn(self, request: TurnRequest) -> TurnAnswer:
        """Run one turn; asking again with the same id gives the recorded answer. Raises BotError."""
        try:
            answer = await self._transport.request(
                "POST",
                f"{self._base_url}/webhooks/whatsapp/turn",
                self._headers,
                json.dumps(request.to_json()).encode(),
                TURN_SECONDS,
            )
        except NotSent:
            raise BotAway("the bot is not reachable") from None
        except AnswerLost:
            raise TurnFailed("the bot's answer was lost or took too long") from None
        match answer.status:
            case 200:
                return _answer(answer.body)
            case 503:
                raise BotAway("the bot is not ready")
            case 401 | 403:
                raise BotAway("the bot refuses our secret: RELAIS_SECRET differs between server and bot")
            case 422:
                raise TurnRefused("the bot cannot take this turn as it is (422)")
            case status:
                raise TurnFailed(f"the bot answered {status}")

    async def forget(self, sender_id: str) -> bool:
        """Have the bot forget a conversation; False where its store cannot. Raises BotAway; again changes nothing."""
        try:
            answer = await self._transport.request(
                "DELETE",
                f"{self._base_url}/webhooks/whatsapp/conversations/{quote(sender_id, safe='')}",
                self._headers,
                b"",
                FORGET_SECONDS,
            )
        except (NotSent, AnswerLost):
            raise BotAway("the bot is not reachable") from None
        if answer.status == 501:
            return False
        if answer.status != 200:
            raise BotAway(f"the bot answered {answer.status} when it was to forget")
        return True

    async def is_ready(self) -> bool:
        """Whether the bot takes turns now."""
        try:
            answer = await self._transport.request(
                "GET", f"{self._base_url}/webhooks/whatsapp/ready", self._headers, b"", READY_SECONDS
            )
        except (NotSent, AnswerLost):
            return False
        return answer.status == 200


def _told(note: Note) -> dict[str, Any]:
    """A note, and what it put on the person's screen."""
    slots = _on_screen(note.about)
    return {"id": note.id, "text": note.text, **({"slots": slots} if slots else {})}


def _on_screen(about: Mapping[str, str]) -> dict[str, Any]:
    """The slots by which the bot knows what "it" is (actions/subjects/screen.py)."""
    match about:
        case {"order": code}:
            delivery = about.get("delivery")
            return {"shown_order": {"code": code, "delivery": delivery}, "shown_delivery": delivery}
        case {"delivery": code}:
            return {"shown_delivery": code}
        case _:
            return {}


def _entities(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As Rasa reads them in a payload: a list is one entity several times."""
    return [
        {"entity": name, "value": value}
        for name, values in found.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _answer(body: bytes) -> TurnAnswer:
    try:
        document = json.loads(body)
        return TurnAnswer(
            responses=list(document["responses"]),
            events=list(document["events"]),
            failed_actions=[str(name) for name in document.get("failed_actions", [])],
            replayed=bool(document.get("replayed", False)),
            is_paused=bool(document.get("paused", False)),
        )
    except (ValueError, KeyError, TypeError):
        raise TurnFailed("the bot's answer is not what the turn channel promises") from None
