"""Puts the API together: its routes, its door, its problems, and the page that describes it."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi_offline import FastAPIOffline

from server.api.aliases import alias_routes
from server.api.callers import Doorkeeper
from server.api.dead_letters import dead_letter_routes
from server.api.door import Door
from server.api.events import event_routes
from server.api.handoffs import handoff_routes
from server.api.hooks import hook_routes
from server.api.inbox import inbox_routes
from server.api.limits import LocalLimits, RequestLimits, SharedLimits
from server.api.messages import message_routes
from server.api.moving import moving_routes
from server.api.notifications import notification_routes
from server.api.notify import notify_routes
from server.api.once import Once
from server.api.preferences import preference_routes
from server.api.problems import KINDS, TYPE_PATH, answer_with_problems, not_found
from server.api.refusals import with_problems
from server.api.refusing import answer_with_refusals
from server.api.subscribers import subscriber_routes
from server.api.templates import template_routes
from server.api.topics import broadcast_routes, topic_routes
from server.api.workflows import workflow_routes
from server.parts import Parts, utc_now
from server.settings import Settings
from server.template_files import template_folder

DESCRIPTION = """
Tell people what matters to them: set a workflow off for somebody, see what became of it, and take it back.

Every request carries `Authorization: Bearer rk_live_…` (`./relais keys create`); a key sees its own business alone.
What is made with a key `rk_test_…` never leaves the house. Every POST that changes something takes an
`Idempotency-Key`. Errors are problems as in RFC 9457: `errors` names each field and how to mend it.
"""


def api_app(parts: Parts) -> FastAPI:
    """The app of the API; the private port mounts it."""
    app = FastAPIOffline(
        title="Relais",
        version="1",
        description=DESCRIPTION,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        swagger_ui_oauth2_redirect_url="/api/docs/oauth2-redirect",
        static_url="/api/static",
    )
    answer_with_problems(app)
    answer_with_refusals(app)
    secret = parts.settings.relais_secret.get_secret_value()
    doorkeeper = Doorkeeper(parts.database, secret, utc_now)
    app.add_middleware(Door, doorkeeper=doorkeeper, limits=_limits(parts.settings))
    once = Once(parts.database, parts.wakeup)
    for router in (
        notify_routes(parts.triggers, once, doorkeeper),
        moving_routes(parts.triggers, once),
        notification_routes(parts, parts.triggers, once),
        event_routes(parts, doorkeeper, parts.tools),
        message_routes(parts, once),
        dead_letter_routes(parts, once),
        # What is below a person first: an id of theirs may hold a slash.
        preference_routes(parts),
        inbox_routes(parts, once),
        subscriber_routes(parts),
        topic_routes(parts, once),
        broadcast_routes(parts, once, parts.workflows),
        template_routes(parts, once, lambda slug: template_folder(parts.settings.templates_dir, slug).definitions),
        workflow_routes(parts.workflows),
        hook_routes(parts, once),
        handoff_routes(parts, once),
        alias_routes(parts, parts.triggers, once),
    ):
        app.include_router(router)

    plain = app.openapi
    app.openapi = lambda: with_problems(_titled(plain()))  # type: ignore[method-assign]

    @app.get(TYPE_PATH + "{kind}", include_in_schema=False)
    async def meaning(kind: str) -> PlainTextResponse:
        """What a problem of this kind means, for whoever follows its type."""
        if kind not in KINDS:
            raise not_found("kind of problem")
        known = KINDS[kind]
        return PlainTextResponse(f"{known.status} {known.title}\n\n{known.meaning}\n")

    return app


def _titled(description: dict[str, Any]) -> dict[str, Any]:
    """The description with each operation under the beginning of what it says of itself, and not a function's name."""
    for methods in description["paths"].values():
        for operation in methods.values():
            operation["summary"] = re.split(r"[.:;](?:\s|$)", operation["description"])[0]
    return description


def _limits(settings: Settings) -> RequestLimits:
    url = settings.redis_url.get_secret_value()
    most = settings.api_requests_per_minute
    return SharedLimits(url, most) if url else LocalLimits(most)
