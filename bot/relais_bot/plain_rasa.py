"""Runs a turn in any Rasa 3.6 project: its own agent, processor, tracker store and lock store, started by `rasa run`.

The steps are those of Rasa's `MessageProcessor.handle_message`, with three things done differently:

- What was said outside Rasa and what the caller knows (`notes`, `slots`) is written before the user's message.
- Every event of the turn carries the turn's id, so that a repeated turn is found again, whatever the store.
- A store that fails stops the turn. Rasa would go on with an empty conversation, and lose what it cannot save.
"""

from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from relais_bot.opening import note_ids, opening, write
from relais_bot.turn_answer import TURN_ID, TurnAnswer, answer_from
from relais_bot.turn_errors import TurnNotRun
from relais_bot.turn_output import CHANNEL
from relais_bot.turn_request import FILE_INTENT, BadTurn, TurnRequest

#: What Relais says of a place that somebody shared.
PLACE_INTENT = "share_location"

Result = TypeVar("Result")


class PlainRasa:
    """An agent as Rasa made it."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._store = _without_safety_net(agent.tracker_store)

    def fitted(self, request: TurnRequest) -> TurnRequest:
        """As Rasa reads a button's payload: an unknown entity is left out. An unknown intent is a `BadTurn`.

        A place is in the metadata of its message, and becomes words where the domain has no intent for one. So is a
        file, which is a `BadTurn` there unless words stand under it.
        """
        file = file_of(request)
        if file is not None:
            request = replace(request, metadata={**request.metadata, "media": file})
        if request.parse_data is None:
            return request
        domain, place = self._agent.domain, place_of(request.parse_data)
        if place is not None:
            request = replace(request, metadata={**request.metadata, "location": place})
        if request.parse_data["intent"]["name"] in domain.intents:
            entities = [entity for entity in request.parse_data["entities"] if entity["entity"] in domain.entities]
            return replace(request, parse_data={**request.parse_data, "entities": entities})
        if place is None:
            raise BadTurn("parse_data.intent.name", "is not an intent of the model that is loaded")
        return replace(request, parse_data=None, text=f"{request.text} {place['latitude']}, {place['longitude']}")

    async def run_turn(self, request: TurnRequest, output: OutputChannel) -> TurnAnswer:
        """With the sender's lock held. Raises `TurnNotRun`, and whatever Rasa raises."""
        tracker = await self._tracker(request.sender_id)
        recorded = await self._recorded(tracker, request.turn_id)
        if recorded:
            return _answer(recorded, request, tracker, replayed=True)
        before = len(tracker.events)
        await self._take(tracker, request, output)
        new = list(tracker.events)[before:]
        for event in new:
            event.metadata = {**event.metadata, TURN_ID: request.turn_id}
        await _known(self._store.save(tracker), "written")
        return _answer(new, request, tracker, replayed=False)

    async def _take(self, tracker: DialogueStateTracker, request: TurnRequest, output: OutputChannel) -> None:
        processor = self._agent.processor
        known_notes = note_ids(tracker)
        message = _message(request, output)
        await processor._update_tracker_session(tracker, output, message.metadata)
        slots = slots_of_ours(processor.domain, request.slots)
        write(tracker, opening(tracker, request.notes, slots, known_notes), processor.domain)
        await processor._handle_message_with_tracker(message, tracker)
        await processor.run_action_extract_slots(output, tracker)
        await processor._run_prediction_loop(output, tracker)
        await processor.run_anonymization_pipeline(tracker)

    async def _tracker(self, sender_id: str) -> DialogueStateTracker:
        """As `MessageProcessor.get_tracker` does it, but a conversation that cannot be read is not a new one."""
        tracker = await _known(self._store.get_or_create_tracker(sender_id, append_action_listen=False), "read")
        metadata = self._agent.processor.model_metadata
        tracker.model_id = metadata.model_id
        tracker.assistant_id = tracker.assistant_id or metadata.assistant_id
        return tracker

    async def _recorded(self, tracker: DialogueStateTracker, turn_id: str) -> list[Event]:
        """The events of a turn that was run before."""
        events = _of_turn(tracker, turn_id)
        if not events or events[0] is not tracker.events[0]:
            return events
        # Stores hand out the latest session, and this turn may have begun before it: as "restart" does.
        full = await _known(self._store.retrieve_full_tracker(tracker.sender_id), "read")
        return _of_turn(full or tracker, turn_id)


def place_of(parse_data: Mapping[str, Any]) -> dict[str, float] | None:
    """Where the person is, in degrees, if that is what they sent."""
    if parse_data["intent"]["name"] != PLACE_INTENT:
        return None
    given = {entity["entity"]: entity["value"] for entity in parse_data["entities"]}
    place = {name: given.get(name) for name in ("latitude", "longitude")}
    return place if all(isinstance(degrees, (int, float)) for degrees in place.values()) else None


def file_of(request: TurnRequest) -> dict[str, Any] | None:
    """The id and the type of the file, if one came: by itself or above words."""
    entities: Iterable[Mapping[str, Any]] = request.entities
    if request.parse_data is not None:
        entities = request.parse_data["entities"] if request.parse_data["intent"]["name"] == FILE_INTENT else ()
    given = {entity["entity"]: entity["value"] for entity in entities}
    return {"id": given["media_id"], "type": given.get("media_type")} if "media_id" in given else None


def slots_of_ours(domain: Domain, slots: Mapping[str, Any]) -> Mapping[str, Any]:
    """Those that the domain leaves to whoever sets them. One that it fills itself is its own."""
    left_to_us = {slot.name for slot in domain.slots if all(_is_ours_to_set(mapping) for mapping in slot.mappings)}
    return {name: value for name, value in slots.items() if name in left_to_us}


def _is_ours_to_set(mapping: Mapping[str, Any]) -> bool:
    return mapping.get("type") == "custom" and "action" not in mapping


async def _known(work: Awaitable[Result], done: str) -> Result:
    """What the tracker store gives, or `TurnNotRun`: of which database its errors are, nobody can know."""
    try:
        return await work
    except Exception as error:
        raise TurnNotRun(f"The tracker store could not be {done} ({type(error).__name__}).") from error


def _without_safety_net(store: TrackerStore) -> TrackerStore:
    """Rasa wraps every store in one that makes a new conversation of a failed read."""
    return store._tracker_store if isinstance(store, FailSafeTrackerStore) else store


def _of_turn(tracker: DialogueStateTracker, turn_id: str) -> list[Event]:
    return [event for event in tracker.events if event.metadata.get(TURN_ID) == turn_id]


def _message(request: TurnRequest, output: OutputChannel) -> UserMessage:
    return UserMessage(
        text=request.text,
        output_channel=output,
        sender_id=request.sender_id,
        parse_data=dict(request.parse_data) if request.parse_data is not None else None,
        input_channel=CHANNEL,
        message_id=request.turn_id,
        metadata=dict(request.metadata),
    )


def _answer(events: list[Event], request: TurnRequest, tracker: DialogueStateTracker, *, replayed: bool) -> TurnAnswer:
    saved = [event.as_dict() for event in events]
    return answer_from(saved, request.turn_id, replayed=replayed, paused=tracker.is_paused())
