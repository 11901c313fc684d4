"""What a turn answers: derived from the events as they were saved, and from nothing else, pure.

A first run and a replay read the same rows, so they cannot answer differently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Set on the event of an action that raised, timed out or could not be reached; the value is the kind of error.
FAILED = "relais_failed"

#: Rasa adds these to the metadata of every event; they say nothing about a response.
_EVERYWHERE = ("model_id", "assistant_id")

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAnswer:
    """The body of a 200.

    `failed_actions` names the actions of the turn that failed. The turn ended at the first of them: what was said
    before is in `responses`, which may be empty, and the caller apologises for the rest.
    """

    responses: Sequence[Mapping[str, Any]]
    events: Sequence[Event]
    failed_actions: Sequence[str]
    replayed: bool


def answer_from(events: Sequence[Event], turn_id: str, *, replayed: bool) -> TurnAnswer:
    """What was said after the user's message, whole response by whole response."""
    position = next(i for i, event in enumerate(events) if event["event"] == "user" and event["message_id"] == turn_id)
    after = events[position + 1 :]
    return TurnAnswer(
        responses=[_response(event) for event in after if event["event"] == "bot"],
        events=events,
        failed_actions=[event["name"] for event in after if FAILED in (event.get("metadata") or {})],
        replayed=replayed,
    )


def _response(event: Event) -> dict[str, Any]:
    parts = {"text": event.get("text"), **(event.get("data") or {})}
    metadata = {key: value for key, value in (event.get("metadata") or {}).items() if key not in _EVERYWHERE}
    # Rasa repeats an image as attachment.
    if parts.get("image") and parts.get("image") == parts.get("attachment"):
        del parts["attachment"]
    return {key: value for key, value in {**parts, "metadata": metadata}.items() if value}
