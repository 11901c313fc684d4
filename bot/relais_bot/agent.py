"""Rasa's agent with our processor, and without the wrapper that makes a new conversation of a failed read."""

from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.lock_store import LockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore, create_tracker_store
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain

from relais_bot import speedups
from relais_bot.action_server import ActionServer
from relais_bot.processor import TurnProcessor


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


def create_agent(endpoints: AvailableEndpoints) -> TurnAgent:
    """An agent as endpoints.yml describes it, not ready yet: `load_model` makes it so."""
    speedups.apply()
    return TurnAgent(
        generator=endpoints.nlg,
        tracker_store=create_tracker_store(endpoints.tracker_store),
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=ActionServer.from_endpoint(endpoints.action) if endpoints.action else None,
    )
