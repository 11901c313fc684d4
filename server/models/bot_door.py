"""Asks the bot which model answers, and has it take another one; asks the action server what it knows."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from channels.transport import AnswerLost, NotSent, Transport
from server.models.errors import NotPromoted

LOOK_SECONDS: Final = 3.0

TAKE_SECONDS: Final = 180.0
"""Loading takes two seconds on a machine with nothing else to do, and a network of Rasa's up to a minute."""


class BotAway(NotPromoted):
    """The bot cannot be asked now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What the bot says of itself."""

    model: str
    """File name of the model that answers."""
    takes_models: bool
    """Whether it takes another one when asked. A Rasa that is not Relais's own pulls it by itself (`models:`)."""
    taking: str | None = None
    """The model that it loads and tries at the moment."""
    refused: tuple[str, str] | None = None
    """The model it would not take last, and why."""


class BotDoor:
    """The bot and the action server behind their addresses."""

    def __init__(self, transport: Transport, bot_url: str, actions_url: str, secret: str) -> None:
        self._transport = transport
        self._bot_url = bot_url.rstrip("/")
        self._actions_url = urljoin(actions_url, "/actions")
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    async def which(self) -> Answering:
        """Who answers people now. Raises BotAway."""
        status, told = await self._ask("GET", f"{self._bot_url}/model", b"", LOOK_SECONDS)
        if status == 200 and isinstance(told.get("model"), str):
            refused = told.get("refused") or {}
            why = (str(refused["model"]), str(refused["why"])) if refused else None
            return Answering(model=told["model"], takes_models=True, taking=told.get("taking"), refused=why)
        if status == 401:
            raise BotAway("The bot refuses our secret: RELAIS_SECRET differs between server and bot.")
        status, told = await self._ask("GET", f"{self._bot_url}/webhooks/whatsapp/ready", b"", LOOK_SECONDS)
        if status != 200:
            raise BotAway("The bot is not ready.")
        return Answering(model=str(told.get("model")), takes_models=False)

    async def take(self, name: str, sha256: str) -> None:
        """Have the bot answer with this model. Raises NotPromoted: it stays with the one it has."""
        body = json.dumps({"name": name, "sha256": sha256}).encode()
        status, told = await self._ask("PUT", f"{self._bot_url}/model", body, TAKE_SECONDS)
        if status != 200:
            raise NotPromoted(str(told.get("error") or f"The bot answered {status}."))

    async def actions(self) -> Collection[str] | None:
        """The names of all actions; None where the server does not tell. Raises BotAway."""
        status, told = await self._ask("GET", self._actions_url, b"", LOOK_SECONDS)
        if status != 200 or not isinstance(told, list):
            return None
        return {str(each["name"]) for each in told if isinstance(each, dict) and "name" in each}

    async def _ask(self, method: str, url: str, body: bytes, seconds: float) -> tuple[int, Any]:
        whom = "action server" if url == self._actions_url else "bot"
        try:
            answer = await self._transport.request(method, url, self._headers, body, seconds)
        except NotSent:
            raise BotAway(f"The {whom} is not reachable; start it, then try again.") from None
        except AnswerLost:
            raise BotAway(f"The {whom} did not answer within {seconds:g} s.") from None
        try:
            return answer.status, json.loads(answer.body)
        except ValueError:
            return answer.status, {}
