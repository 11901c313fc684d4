"""Answers that their form never looked at.

Rasa fills the slots of an open form from every message, before the form looks at them. Where it passes the message on,
or breaks down, a word would stay where a checked value belongs. So it is taken out again: an answer counts once its
form has taken it.
"""

from collections.abc import Iterator
from typing import Any

from rasa.shared.core.constants import ACTIVE_LOOP, MAPPING_CONDITIONS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    AllSlotsReset,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


def unchecked_answers(tracker: DialogueStateTracker, domain: Domain) -> list[SlotSet]:
    """What puts them back to what they were before the message, while nothing was done about it yet.

    Only slots that nothing but this form asks for: any other means something without it, too.
    """
    form = tracker.active_loop_name
    if form is None or form not in domain.form_names:
        return []
    own = {name for name in domain.required_slots_for_form(form) if _is_asked_only_by(form, tracker.slots[name])}
    events = reversed(tracker.events)
    filled = own & _filled_by_message(events)
    before = _values_before_message(events) if filled else {}
    return [SlotSet(name, before.get(name, tracker.slots[name].initial_value)) for name in sorted(filled)]


def _filled_by_message(backwards: Iterator[Event]) -> set[str]:
    """Since the person's message, which is read too; nothing, once any action has run."""
    filled: set[str] = set()
    for event in backwards:
        if isinstance(event, UserUttered):
            return filled
        if isinstance(event, ActionExecuted):
            break
        if isinstance(event, SlotSet):
            filled.add(event.key)
    return set()


def _values_before_message(backwards: Iterator[Event]) -> dict[str, Any]:
    """As the events tell it that are left to read, the newest first."""
    values: dict[str, Any] = {}
    for event in backwards:
        if isinstance(event, (SessionStarted, Restarted, AllSlotsReset)):
            break
        if isinstance(event, SlotSet):
            values.setdefault(event.key, event.value)
    return values


def _is_asked_only_by(form: str, slot: Slot) -> bool:
    return all(
        any(condition.get(ACTIVE_LOOP) == form for condition in mapping.get(MAPPING_CONDITIONS) or ())
        for mapping in slot.mappings
    )
