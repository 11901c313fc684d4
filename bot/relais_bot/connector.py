"""The door of the bot: one turn in by HTTP, its responses and events out.

    POST /webhooks/whatsapp/turn   Authorization: Bearer <RELAIS_SECRET>
    200 {"responses", "events", "failed_actions", "replayed"}
    401 wrong secret   400, 413, 422 {"error", "field"}   503 not run, try again   500 failed

    GET  /webhooks/whatsapp/, /webhooks/whatsapp/ready   200 when a model is loaded, else 503

Sent to the person is nothing from here, and nothing a person typed can start an intent.
"""

import hmac
import json
import os
from collections.abc import Mapping
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel
from rasa.shared.core.constants import USER_INTENT_BACK, USER_INTENT_RESTART, USER_INTENT_SESSION_START
from rasa.shared.core.domain import Domain
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from relais_bot.turn_answer import TurnAnswer
from relais_bot.turn_request import BadTurn, TurnRequest, parse_turn
from relais_bot.turns import CHANNEL, TurnFailed, TurnNotRun, Turns

#: Rasa answers these by itself, whatever the rules say: they wipe or rewind a conversation.
FORBIDDEN_INTENTS = (USER_INTENT_RESTART, USER_INTENT_BACK, USER_INTENT_SESSION_START)

NOT_READY = "The bot has no model loaded yet."
RETRY_AFTER_SECONDS = "1"
#: A turn may take 20 s.
FINISH_SECONDS = 20.0


class WhatsAppTurns(InputChannel):
    """`relais_bot.connector.WhatsAppTurns:` in credentials.yml. The secret is `RELAIS_SECRET`."""

    def __init__(self, secret: str) -> None:
        self._authorization = f"Bearer {secret}".encode()
        self._turns = Turns()

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> "WhatsAppTurns":
        # The same variable as everywhere else; credentials.yml has nothing to add.
        return cls(os.environ["RELAIS_SECRET"])

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """The routes. `on_new_message` goes unused: it would hide whether the agent is ready."""
        blueprint = Blueprint("whatsapp_turns")

        # Functions, not methods: sanic writes attributes on what it calls.
        @blueprint.get("/", name="root")
        @blueprint.get("/ready", name="ready")
        async def ready(request: Request) -> HTTPResponse:
            agent = _agent(request)
            return _json(200, {"status": "ready", "model": agent.model_name}) if agent else _not_now(NOT_READY)

        @blueprint.post("/turn", name="turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._answer(request)

        @blueprint.listener("before_server_stop")
        async def finish(app: Sanic, loop: Any) -> None:
            await self._turns.finish(FINISH_SECONDS)

        return blueprint

    async def _answer(self, request: Request) -> HTTPResponse:
        if not self._is_authorized(request):
            return _json(401, {"error": "The shared secret is missing or wrong."})
        agent = _agent(request)
        if agent is None:
            return _not_now(NOT_READY)
        try:
            turn = parse_turn(request.body)
            require_known_names(turn, agent.domain)
            return _answered(await self._turns.answer(agent, turn))
        except BadTurn as bad:
            return _json(bad.status, {"error": str(bad), "field": bad.field})
        except TurnNotRun as error:
            return _not_now(str(error))
        except TurnFailed as error:
            return _json(500, {"error": str(error)})

    def _is_authorized(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._authorization)


def require_known_names(turn: TurnRequest, domain: Domain) -> None:
    """Buttons outlive models: what they mean must exist in the one that is loaded."""
    if turn.parse_data is None:
        return
    intent = turn.parse_data["intent"]["name"]
    if intent not in domain.intents or intent in FORBIDDEN_INTENTS:
        raise BadTurn("parse_data.intent.name", "is not an intent of the model that is loaded")
    for position, entity in enumerate(turn.parse_data["entities"]):
        if entity["entity"] not in domain.entities:
            raise BadTurn(f"parse_data.entities[{position}].entity", "is not an entity of the model that is loaded")


def _agent(request: Request) -> Agent | None:
    agent = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def _answered(answer: TurnAnswer) -> HTTPResponse:
    content = {
        "responses": answer.responses,
        "events": answer.events,
        "failed_actions": answer.failed_actions,
        "replayed": answer.replayed,
    }
    return _json(200, content)


def _not_now(reason: str) -> HTTPResponse:
    return _json(503, {"error": reason}, {"Retry-After": RETRY_AFTER_SECONDS})


def _json(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> HTTPResponse:
    # Not sanic's own: it goes through ujson, which loses precision and refuses half surrogates.
    body = json.dumps(content, separators=(",", ":"))
    return HTTPResponse(body, status=status, headers=dict(headers or {}), content_type="application/json")
