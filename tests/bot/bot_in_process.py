"""Drives a real agent the way the turn channel does, without the HTTP in between."""

import json
import uuid
from pathlib import Path
from typing import Any

from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig

from relais_bot.agent import create_agent
from relais_bot.turn_answer import TurnAnswer
from relais_bot.turn_request import parse_turn
from relais_bot.turns import Turns
from relais_bot.unasked import Unasked


class InProcessBot:
    """`say` and `tap` are turns of one sender, each with an id of its own unless one is given."""

    def __init__(self, model: Path, actions_url: str, secret: str, database_url: str) -> None:
        self.endpoints = AvailableEndpoints(
            action=EndpointConfig(actions_url, headers={"Authorization": f"Bearer {secret}"}),
            tracker_store=EndpointConfig(database_url, type="relais_bot.tracker_store.SqlTrackerStore"),
            lock_store=EndpointConfig(type="relais_bot.lock_store.AsyncioLockStore"),
        )
        self.agent = create_agent(self.endpoints)
        self.agent.load_model(model)
        self.turns = Turns(Unasked("http://127.0.0.1:9", secret))

    async def say(self, text: str, **over: Any) -> TurnAnswer:
        return await self.turn(text=text, **over)

    async def tap(self, intent: str, title: str = "Button", **entities: str) -> TurnAnswer:
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        return await self.turn(parse_data={"text": title, "intent": {"name": intent}, "entities": found})

    async def turn(self, **body: Any) -> TurnAnswer:
        body = {"turn_id": str(uuid.uuid4()), "sender_id": "sender-1", **body}
        return await self.turns.answer(self.agent, parse_turn(json.dumps(body).encode()))

    async def slots(self, sender_id: str = "sender-1") -> dict[str, Any]:
        tracker = await self.agent.tracker_store.retrieve(sender_id)
        return {name: value for name, value in tracker.current_slot_values().items() if value is not None}

    async def close(self) -> None:
        await self.agent.action_endpoint.close()
        self.agent.tracker_store.close()


def texts(answer: TurnAnswer) -> list[str]:
    return [response["text"] for response in answer.responses]
