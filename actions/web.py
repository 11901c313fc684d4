"""Rasa's side of the action server: one route that runs an action, one that says the process lives.

rasa_sdk's own server lets everybody in, and answers and logs an error with the whole tracker in it. This one
does neither; of rasa_sdk it uses what matters, the executor.
"""

import hmac
import json
from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from actions.logs import place_of
from actions.turn import turn_id

HEALTH_PATH = "/health"

REJECTED = 400  # what Rasa understands as "another action, please"
UNKNOWN_ACTION = 404
DOMAIN_WANTED = 449

log = structlog.get_logger(__name__)


def create_app(executor: ActionExecutor, secret: str) -> Starlette:
    """The ASGI application; every route but health wants `Authorization: Bearer secret`."""

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def webhook(request: Request) -> Response:
        call = _read(await request.body())
        if call is None:
            return JSONResponse({"error": "the body must be a JSON object with next_action and tracker"}, 422)
        return await _run(executor, call)

    async def known(request: Request) -> Response:
        """The names of all actions, as rasa_sdk's own server tells them."""
        return JSONResponse([{"name": name} for name in sorted(executor.actions)])

    return Starlette(
        routes=[
            Route(HEALTH_PATH, health),
            Route("/actions", known),
            Route("/webhook", webhook, methods=["POST"]),
        ],
        middleware=[Middleware(Admission, secret=secret)],
    )


class Admission:
    """Lets in who knows the secret; health may be asked by anybody."""

    def __init__(self, app: ASGIApp, secret: str) -> None:
        """Stand before `app`."""
        self._app = app
        self._expected = f"Bearer {secret}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 in place of the application, or step aside."""
        if scope["type"] != "http" or scope["path"] == HEALTH_PATH or self._is_admitted(scope):
            await self._app(scope, receive, send)
        else:
            refusal = JSONResponse({"error": "the Authorization header is missing or wrong"}, 401)
            await refusal(scope, receive, send)

    def _is_admitted(self, scope: Scope) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        return hmac.compare_digest(given, self._expected)


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        call = json.loads(body)
    except ValueError:
        return None
    is_call = isinstance(call, dict) and isinstance(call.get("tracker"), dict) and bool(call.get("next_action"))
    return call if is_call else None


async def _run(executor: ActionExecutor, call: dict[str, Any]) -> Response:
    """The result in Rasa's words; a failure tells the action's name and nothing of what was said."""
    name = str(call["next_action"])
    try:
        result = await executor.run(call)
    except ActionExecutionRejection as rejection:
        return _refusal(REJECTED, str(rejection.action_name), "rejected")
    except ActionNotFoundException:
        log.error("unknown action", action=name)
        return _refusal(UNKNOWN_ACTION, name, "unknown action")
    except ActionMissingDomainException:
        return _refusal(DOMAIN_WANTED, name, "the domain is missing")
    except Exception as error:
        log.error(
            "an action broke",
            action=name,
            turn_id=turn_id(call["tracker"].get("events") or []),
            reason=type(error).__name__,
            place=place_of(error),
        )
        return _refusal(500, name, "internal error")
    return JSONResponse({"events": result.events, "responses": result.responses})


def _refusal(status: int, action: str, problem: str) -> Response:
    return JSONResponse({"error": problem, "action_name": action}, status_code=status)
