"""Rasa's side of the action server: one route that runs an action, one that says the process lives.

rasa_sdk's own server lets everybody in, and answers and logs an error with the whole tracker in it. This one
does neither; of rasa_sdk it uses what matters, the executor.
"""

import hmac
import json
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException
from starlette.middleware.base import RequestResponseEndpoint

from actions.turn import turn_id

HEALTH_PATH = "/health"

REJECTED = 400  # what Rasa understands as "another action, please"
UNKNOWN_ACTION = 404
DOMAIN_WANTED = 449

log = structlog.get_logger(__name__)


def create_app(executor: ActionExecutor, secret: str) -> FastAPI:
    """The ASGI application; every route but health wants `Authorization: Bearer secret`."""
    app = FastAPI(openapi_url=None)
    expected = f"Bearer {secret}".encode()

    @app.middleware("http")
    async def admit(request: Request, call_next: RequestResponseEndpoint) -> Response:
        given = request.headers.get("authorization", "").encode()
        if request.url.path != HEALTH_PATH and not hmac.compare_digest(given, expected):
            return JSONResponse({"error": "the Authorization header is missing or wrong"}, status_code=401)
        return await call_next(request)

    @app.get(HEALTH_PATH)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/webhook")
    async def webhook(request: Request) -> Response:
        call = _read(await request.body())
        if call is None:
            return JSONResponse({"error": "the body must be a JSON object with next_action and tracker"}, 422)
        return await _run(executor, call)

    return app


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
        )
        return _refusal(500, name, "internal error")
    return JSONResponse({"events": result.events, "responses": result.responses})


def _refusal(status: int, action: str, problem: str) -> Response:
    return JSONResponse({"error": problem, "action_name": action}, status_code=status)
