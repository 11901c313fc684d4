"""The door of the bot: one turn in by HTTP, its responses and events out.

    POST /webhooks/whatsapp/turn   Authorization: Bearer <secret>
    200 {"responses", "events", "failed_actions", "replayed", "paused"}
    401 wrong secret   400, 413, 422 {"error", "field"}   503 not run, try again   500 failed

    DELETE /webhooks/whatsapp/conversations/{sender_id}   200 {"events"}   501 where the tracker store cannot

    GET  /webhooks/whatsapp/, /webhooks/whatsapp/ready   200 when a model is loaded, else 503

From here, what the bot says reaches nobody but Relais, and nothing a person typed can start an intent. It works in any
Rasa 3.6 project, with or without the rest of this package (docs/your-own-rasa.md).
"""

import hmac
import json
import os
from collections.abc import Mapping
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from relais_bot.channel_settings import ChannelSettings
from relais_bot.forgetting import CannotForget, forget
from relais_bot.turn_answer import TurnAnswer
from relais_bot.turn_errors import TurnFailed, TurnNotRun
from relais_bot.turn_output import CHANNEL, UnaskedOutput
from relais_bot.turn_request import BadTurn, parse_turn
from relais_bot.turns import Turns
from relais_bot.unasked import Unasked

NOT_READY = "The bot has no model loaded yet."
NOT_AUTHORIZED = "The shared secret is missing or wrong."
RETRY_AFTER_SECONDS = "1"
#: A turn may take 20 s.
FINISH_SECONDS = 20.0
#: For what is on its way to Relais; whoever ends the bot has patience for both.
POST_SECONDS = 3.0


class WhatsAppTurns(InputChannel):
    """`relais_bot.connector.WhatsAppTurns:` in credentials.yml."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._authorization = f"Bearer {settings.secret}".encode()
        self._unasked = Unasked(settings.url, settings.secret)
        self._turns = Turns(self._unasked)

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Any) -> "WhatsAppTurns":
        return cls(ChannelSettings.read(credentials, os.environ))

    def get_output_channel(self) -> UnaskedOutput:
        """For `trigger_intent`, with `output_channel=whatsapp` or `latest`."""
        return UnaskedOutput(self._unasked)

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

        @blueprint.delete("/conversations/<sender_id>", name="forget")
        async def forgotten(request: Request, sender_id: str) -> HTTPResponse:
            return await self._forget(request, sender_id)

        @blueprint.listener("before_server_stop")
        async def finish(app: Sanic, loop: Any) -> None:
            await self._turns.finish(FINISH_SECONDS)
            await self._unasked.finish(POST_SECONDS)

        return blueprint

    async def _answer(self, request: Request) -> HTTPResponse:
        if not self._is_authorized(request):
            return _json(401, {"error": NOT_AUTHORIZED})
        agent = _agent(request)
        if agent is None:
            return _not_now(NOT_READY)
        try:
            return _answered(await self._turns.answer(agent, parse_turn(request.body)))
        except BadTurn as bad:
            return _json(bad.status, {"error": str(bad), "field": bad.field})
        except TurnNotRun as error:
            return _not_now(str(error))
        except TurnFailed as error:
            return _json(500, {"error": str(error)})

    async def _forget(self, request: Request, sender_id: str) -> HTTPResponse:
        if not self._is_authorized(request):
            return _json(401, {"error": NOT_AUTHORIZED})
        agent = _agent(request)
        if agent is None:
            return _not_now(NOT_READY)
        try:
            return _json(200, {"events": await forget(agent, sender_id)})
        except CannotForget:
            return _json(501, {"error": "This assistant's tracker store cannot forget a conversation."})
        except TurnNotRun as error:
            return _not_now(str(error))

    def _is_authorized(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._authorization)


def _agent(request: Request) -> Agent | None:
    agent = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def _answered(answer: TurnAnswer) -> HTTPResponse:
    content = {
        "responses": answer.responses,
        "events": answer.events,
        "failed_actions": answer.failed_actions,
        "replayed": answer.replayed,
        "paused": answer.paused,
    }
    return _json(200, content)


def _not_now(reason: str) -> HTTPResponse:
    return _json(503, {"error": reason}, {"Retry-After": RETRY_AFTER_SECONDS})


def _json(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> HTTPResponse:
    # Not sanic's own: it goes through ujson, which loses precision and refuses half surrogates.
    body = json.dumps(content, separators=(",", ":"))
    return HTTPResponse(body, status=status, headers=dict(headers or {}), content_type="application/json")
