"""Rasa's agent with our processor, and without the wrapper that makes a new conversation of a failed read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.lock_store import LockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore, create_tracker_store
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.constants import USER_INTENT_BACK, USER_INTENT_RESTART, USER_INTENT_SESSION_START
from rasa.shared.core.domain import Domain

from relais_bot import speedups
from relais_bot.action_server import ActionServer
from relais_bot.processor import TurnMessage, TurnProcessor
from relais_bot.turn_answer import TurnAnswer, answer_from
from relais_bot.turn_errors import TrackerStoreError, TurnNotRun
from relais_bot.turn_output import CHANNEL
from relais_bot.turn_request import BadTurn, TurnRequest

#: Rasa answers these by itself, whatever the rules say: they wipe or rewind a conversation.
FORBIDDEN_INTENTS = (USER_INTENT_RESTART, USER_INTENT_BACK, USER_INTENT_SESSION_START)


class TurnAgent(Agent):
    """What the turn channel runs turns with."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain | None) -> TrackerStore:
        store = store or InMemoryTrackerStore(domain)
        store.domain = domain
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        self.processor = TurnProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        if isinstance(self.nlg, TemplatedNaturalLanguageGenerator):
            self.nlg.responses = self.domain.responses

    def fitted(self, request: TurnRequest) -> TurnRequest:
        """As it is. Buttons outlive models: what they mean must exist in the one that is loaded, or `BadTurn`.

        Of what came beside a text, what the model does not know is left out: the words can be answered all the same.
        """
        if request.parse_data is None:
            known = (entity for entity in request.entities if entity["entity"] in self.domain.entities)
            return replace(request, entities=tuple(known)) if request.entities else request
        intent = request.parse_data["intent"]["name"]
        if intent not in self.domain.intents or intent in FORBIDDEN_INTENTS:
            raise BadTurn("parse_data.intent.name", "is not an intent of the model that is loaded")
        for position, entity in enumerate(request.parse_data["entities"]):
            if entity["entity"] not in self.domain.entities:
                raise BadTurn(f"parse_data.entities[{position}].entity", "is not an entity of the model that is loaded")
        return request

    async def run_turn(self, request: TurnRequest, output: OutputChannel) -> TurnAnswer:
        """The turn's answer as it was saved, now or before. Raises `TurnNotRun`, and whatever Rasa raises."""
        try:
            events = await self._saved(request)
            replayed = bool(events)
            if not replayed:
                await self.processor.handle_message(_message(request, output))
                events = await self._saved(request)
        except TrackerStoreError as error:
            raise TurnNotRun(str(error)) from error
        return answer_from(events, request.turn_id, replayed=replayed)

    async def _saved(self, request: TurnRequest) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = await self.tracker_store.turn_events(request.sender_id, request.turn_id)
        return events


def create_agent(endpoints: AvailableEndpoints) -> TurnAgent:
    """An agent as endpoints.yml describes it, not ready yet: `load_model` makes it so."""
    speedups.apply()
    return TurnAgent(
        generator=endpoints.nlg,
        tracker_store=create_tracker_store(endpoints.tracker_store),
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=ActionServer.from_endpoint(endpoints.action) if endpoints.action else None,
    )


def successor_of(agent: TurnAgent, endpoints: AvailableEndpoints) -> TurnAgent:
    """An agent for another model, beside this one: a sender's turns queue at one lock, whoever runs them."""
    return TurnAgent(
        generator=endpoints.nlg,
        tracker_store=agent.tracker_store.beside(),
        lock_store=agent.lock_store,
        action_endpoint=agent.action_endpoint,
    )


def _message(request: TurnRequest, output: OutputChannel) -> TurnMessage:
    return TurnMessage(
        text=request.text,
        output_channel=output,
        sender_id=request.sender_id,
        parse_data=dict(request.parse_data) if request.parse_data is not None else None,
        input_channel=CHANNEL,
        message_id=request.turn_id,
        metadata=dict(request.metadata),
        slots=request.slots,
        entities=request.entities,
        notes=request.notes,
    )
