"""What a turn answers: derived from the events as they were saved, and from nothing else, pure.

A first run and a replay read the same events, so they cannot answer differently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Set on the event of an action that raised, timed out or could not be reached; the value is the kind of error.
FAILED = "relais_failed"
#: Set on what was said outside Rasa, and written into the conversation afterwards.
NOTE_ID = "note_id"

#: Set on every event of a turn where the tracker store does not keep turns apart; the value is the turn's id.
TURN_ID = "relais_turn_id"

#: What a response is made of; Rasa's other members are about the event.
MEMBERS = ("text", "image", "buttons", "quick_replies", "attachment", "elements", "custom")
#: In the metadata of every event; they say nothing about a response.
_EVERYWHERE = ("model_id", "assistant_id", TURN_ID)

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAnswer:
    """The body of a 200.

    `failed_actions` names the actions of the turn that failed. The turn ended at the first of them: what was said
    before is in `responses`, which may be empty, and the caller apologises for the rest. `paused` tells that a human
    has taken the conversation over (`ConversationPaused`): then silence is meant.
    """

    responses: Sequence[Mapping[str, Any]]
    events: Sequence[Event]
    failed_actions: Sequence[str]
    replayed: bool
    paused: bool = False


def answer_from(events: Sequence[Event], turn_id: str, *, replayed: bool, paused: bool = False) -> TurnAnswer:
    """What was said in the turn, whole response by whole response; a greeting at the session's start belongs to it."""
    position = next(i for i, event in enumerate(events) if event["event"] == "user" and event["message_id"] == turn_id)
    return TurnAnswer(
        responses=[_response(event) for event in events if event["event"] == "bot" and NOTE_ID not in _metadata(event)],
        events=events,
        failed_actions=[event["name"] for event in events[position + 1 :] if FAILED in _metadata(event)],
        replayed=replayed,
        paused=paused,
    )


def response_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a response that say something, and no others."""
    response = {name: message[name] for name in MEMBERS if message.get(name)}
    # Rasa repeats an image as attachment.
    if "image" in response and response["image"] == response.get("attachment"):
        del response["attachment"]
    return response


def _response(event: Event) -> dict[str, Any]:
    response = response_of({"text": event.get("text"), **(event.get("data") or {})})
    metadata = {key: value for key, value in _metadata(event).items() if key not in _EVERYWHERE}
    return {**response, "metadata": metadata} if metadata else response


def _metadata(event: Event) -> Mapping[str, Any]:
    return event.get("metadata") or {}
