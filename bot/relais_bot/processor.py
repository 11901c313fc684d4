"""How a turn runs inside Rasa: Rasa's own processor, with what Relais needs done differently.

- What was said outside Rasa and what the caller knows (`notes`, `slots`) is written before the user's message.
- The slot `language` is decided before the first action.
- The title of a button on the screen, typed, is a tap on it.
- A form that passed a message on is asked again about the next one. Rasa asks it only once it was put again.
- What a message put into the slots of a form is taken out again where the form did not look at it.
- A session also ends when it has grown long, because every message costs as much as its session is long.
- A new session keeps a fixed list of slots, one event each; every slot where the talk goes on and has only grown long.
- An action that fails ends the turn and leaves a mark; Rasa would go on as if it had succeeded.
- Something was said and no rule goes on: the turn is answered, and the question of a form is put again. Rasa would add
  that it understood nothing, which our own fallback may answer with the same action, again and again.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any

from rasa.core.actions.action import (
    ACTION_DEFAULT_FALLBACK_NAME,
    Action,
    ActionExecutionRejection,
    ActionSessionStart,
    action_for_name_or_text,
)
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT

from relais_bot.opening import note_ids, opening, slot_sets, write
from relais_bot.stickiness import NO_MEANING, Language, language_of_turn
from relais_bot.turn_answer import FAILED
from relais_bot.turn_request import FILE_INTENT, Note
from relais_bot.typed_titles import meaning_of_title
from relais_bot.unchecked import unchecked_answers

logger = logging.getLogger(__name__)

#: About 25 turns.
MAX_SESSION_EVENTS = 150

CARRIED_OVER = (
    "language",
    "language_chosen",
    "business_name",
    "default_language",
    "support_number",
    "currency",
    "cart",
)


class TurnMessage(UserMessage):
    """A user's message, with what the caller of the turn channel sends along."""

    def __init__(
        self,
        *,
        slots: Mapping[str, Any],
        notes: tuple[Note, ...],
        entities: tuple[Mapping[str, Any], ...] = (),
        **message: Any,
    ) -> None:
        super().__init__(**message)
        self.slots = slots
        self.entities = entities
        self.notes = notes


class TurnProcessor(MessageProcessor):
    """Takes the place of `MessageProcessor` in `rasa.core.agent`."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **{"on_circuit_break": _end_endless_turn, **keywords})

    async def log_message(self, message: UserMessage, should_save_tracker: bool = True) -> DialogueStateTracker:
        """Writes the turn's opening: session start, notes, slots, the message itself, the language."""
        tracker = await self.get_tracker(message.sender_id)
        known_notes = note_ids(tracker)
        await self._update_tracker_session(tracker, message.output_channel)
        if isinstance(message, TurnMessage):
            write(tracker, opening(tracker, message.notes, message.slots, known_notes), self.domain)
        await self._handle_message_with_tracker(message, tracker)
        if tracker.active_loop is not None:
            tracker.active_loop.rejected = False
        write(tracker, slot_sets(tracker, _language(tracker)), self.domain)
        if should_save_tracker:
            await self.save_tracker(tracker)
        return tracker

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """What a button of that title means, else what the pipeline found in the words, then what came beside them.

        Words under a file that have no meaning of ours ("look at this") belong to the file.
        """
        if tracker is not None and not getattr(message, "entities", ()):
            typed = meaning_of_title(tracker, message.text or "")
            if typed is not None and typed["intent"]["name"] in self.domain.intents:
                return typed
        found: dict[str, Any] = await super().parse_message(message, tracker, only_output_properties)
        if isinstance(message, TurnMessage) and message.entities:
            found[ENTITIES] = [*(found.get(ENTITIES) or []), *map(dict, message.entities)]
            if found[INTENT].get("name") in NO_MEANING and FILE_INTENT in self.domain.intents:
                found[INTENT] = {"name": FILE_INTENT, "confidence": 1.0}
        return found

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """After an action that another one asked for (`FollowupAction`) there is often no rule."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if action.name() != tracker.active_loop_name:
            tracker.update_with_events(unchecked_answers(tracker, self.domain), self.domain)
        if action.name() != ACTION_DEFAULT_FALLBACK_NAME or not _was_answered(tracker):
            return action, prediction
        # A form that has just been put stands as it is.
        loop = tracker.active_loop_name
        name = loop if loop and loop != tracker.latest_action_name else ACTION_LISTEN_NAME
        return action_for_name_or_text(name, self.domain, self.action_endpoint), prediction

    def _get_action(self, action_name: str) -> Action | None:
        if action_name == ACTION_SESSION_START_NAME and action_name not in self.domain.user_actions:
            return SessionStart()
        return super()._get_action(action_name)

    def _has_session_expired(self, tracker: DialogueStateTracker) -> bool:
        is_long = len(tracker.events) > MAX_SESSION_EVENTS and tracker.active_loop is None
        return is_long or super()._has_session_expired(tracker)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        watched = _Watched(action)
        goes_on = await super()._run_action(watched, tracker, output_channel, nlg, prediction)
        if watched.failure is None:
            return goes_on
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
        return False


class SessionStart(ActionSessionStart):
    """Begins a session with the slots that outlive one. Rasa's repeats every event that ever set a slot."""

    @staticmethod
    def _slot_set_events_from_tracker(tracker: DialogueStateTracker) -> list[SlotSet]:
        values = tracker.current_slot_values()
        return [SlotSet(name, values[name]) for name in CARRIED_OVER if values.get(name) is not None]

    @staticmethod
    def _all_that_is_set(tracker: DialogueStateTracker) -> list[SlotSet]:
        """In the middle of a talk the person notices nothing: what was asked, and what is on the screen, stays."""
        values = tracker.current_slot_values()
        return [
            SlotSet(name, values[name]) for name, slot in tracker.slots.items() if values[name] != slot.initial_value
        ]

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        carried: list[SlotSet] = []
        if domain.session_config.carry_over_slots:
            goes_on = _seconds_since_last_words(tracker) < domain.session_config.session_expiration_time * 60
            carried = self._all_that_is_set(tracker) if goes_on else self._slot_set_events_from_tracker(tracker)
        return [SessionStarted(), *carried, ActionExecuted(ACTION_LISTEN_NAME)]


class _Watched(Action):
    """Runs an action and remembers that it failed, which Rasa only writes into its log."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.failure: str | None = None

    def name(self) -> str:
        return self._action.name()

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            # The error may quote the whole conversation; its kind, and that of its cause, may not.
            self.failure = type(error.__cause__ or error.__context__ or error).__name__
            logger.error(f"Action {self.name()} failed ({self.failure}); the turn ends here.")
            logger.debug("Why the action failed:", exc_info=True)
            return list(unchecked_answers(tracker, domain))

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> ActionExecuted:
        event = self._action.event_for_successful_execution(prediction)
        if self.failure is not None:
            event.metadata = {**event.metadata, FAILED: self.failure}
        return event


def _seconds_since_last_words(tracker: DialogueStateTracker) -> float:
    last = tracker.get_last_event_for(UserUttered)
    return time.time() - last.timestamp if last else float("inf")


def _end_endless_turn(tracker: DialogueStateTracker, *_: Any) -> None:
    """Rasa stops after ten actions without listening, and would never predict anything for this person again."""
    logger.error("A turn reached Rasa's limit of actions: its rules run in a circle.")
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME, metadata={FAILED: "ActionLimitReached"}))


def _was_answered(tracker: DialogueStateTracker) -> bool:
    """Whether something was said since the person's message."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            return True
        if isinstance(event, UserUttered):
            return False
    return False


def _language(tracker: DialogueStateTracker) -> Mapping[str, Any]:
    """The slots of the language that the user's message settles."""
    values = tracker.current_slot_values()
    before = Language(name=values.get("language"), chosen=bool(values.get("language_chosen")))
    is_asked = tracker.active_loop_name is not None
    after = language_of_turn(
        before, tracker.latest_message.parse_data, values.get("default_language"), is_asked=is_asked
    )
    return {"language": after.name, "language_chosen": after.chosen or None}
