"""What is written before the user's message: what was said outside Rasa, and what the caller knows."""

from collections.abc import Iterator, Mapping
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from relais_bot.turn_answer import NOTE_ID
from relais_bot.turn_request import Note


def note_ids(tracker: DialogueStateTracker) -> set[str]:
    """The notes this conversation has, where a new session does not hide them yet."""
    return {
        event.metadata[NOTE_ID]
        for event in tracker.events
        if isinstance(event, BotUttered) and NOTE_ID in event.metadata
    }


def opening(
    tracker: DialogueStateTracker, notes: tuple[Note, ...], slots: Mapping[str, Any], known: set[str]
) -> Iterator[Event]:
    """To be written one by one: whether a slot differs depends on the events before it."""
    for note in notes:
        if note.id not in known:
            known.add(note.id)
            yield BotUttered(note.text, metadata={NOTE_ID: note.id})
            yield from slot_sets(tracker, note.slots)
    yield from slot_sets(tracker, slots)


def slot_sets(tracker: DialogueStateTracker, wanted: Mapping[str, Any]) -> Iterator[Event]:
    """Only what differs. Slots the model does not know are left out: it may be older than the caller."""
    for name, value in wanted.items():
        if name in tracker.slots and tracker.get_slot(name) != value:
            yield SlotSet(name, value)


def write(tracker: DialogueStateTracker, events: Iterator[Event], domain: Domain) -> None:
    """One by one, as `opening` wants it."""
    for event in events:
        tracker.update(event, domain)
