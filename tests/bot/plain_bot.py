"""An assistant that Relais did not write, with Rasa's own agent and stores, driven as the turn channel drives it."""

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import SessionConfig

from relais_bot.channel_settings import ChannelSettings
from relais_bot.connector import WhatsAppTurns
from relais_bot.turn_answer import TurnAnswer
from relais_bot.turn_request import parse_turn

LISTEN = {"event": "action", "name": "action_listen"}
SESSION = [{"event": "session_started"}, LISTEN]


class PlayedActions:
    """In place of an action server: what each action says and does is told beforehand; `names` is what was asked."""

    url = "played"
    kwargs: Mapping[str, Any] = {}

    def __init__(self) -> None:
        self.names: list[str] = []
        self.plays: dict[str, dict[str, Any]] = {
            "action_session_start": {"responses": [{"text": "Welcome"}], "events": SESSION},
            "action_pause": {"responses": [{"text": "A human will write"}], "events": [{"event": "pause"}, LISTEN]},
        }

    async def request(self, *, json: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        self.names.append(json["next_action"])
        return self.plays.get(json["next_action"], {"responses": [], "events": []})


class PlainBot:
    """`say` and `tap` are turns of one sender, each with an id of its own unless one is given."""

    def __init__(self, model: Path, store: "TrackerStore | None", relais_url: str, secret: str) -> None:
        self.actions = PlayedActions()
        self.agent = Agent.load(
            model, action_endpoint=self.actions, tracker_store=store, lock_store=InMemoryLockStore()
        )
        self.channel = WhatsAppTurns(ChannelSettings(secret=secret, url=relais_url))

    async def say(self, text: str, **over: Any) -> TurnAnswer:
        return await self.turn(text=text, **over)

    async def tap(self, intent: str, *, turn_id: "str | None" = None, **entities: str) -> TurnAnswer:
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        meant = {"text": "Button", "intent": {"name": intent}, "entities": found}
        return await self.turn(parse_data=meant, turn_id=turn_id or str(uuid.uuid4()))

    async def turn(self, **body: Any) -> TurnAnswer:
        body = {"turn_id": str(uuid.uuid4()), "sender_id": "sender-1", **body}
        return await self.channel._turns.answer(self.agent, parse_turn(json.dumps(body).encode()))

    async def trigger(self, intent: str) -> None:
        """As `POST /conversations/sender-1/trigger_intent?output_channel=latest` does."""
        async with self.agent.lock_store.lock("sender-1"):
            tracker = await self.agent.processor.fetch_tracker_and_update_session("sender-1")
            await self.agent.trigger_intent(intent, [], self.channel.get_output_channel(), tracker)

    def sessions_last(self, minutes: float) -> None:
        self.agent.domain.session_config = SessionConfig(minutes, carry_over_slots=True)

    async def tracker(self) -> Any:
        return await self.agent.tracker_store.retrieve("sender-1")

    async def posted(self) -> None:
        """Until everything said unasked has reached Relais, or was given up."""
        await self.channel._unasked.finish(10)
