"""The public port: what WhatsApp calls, and whether we are well. Nothing private is reachable through it."""

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles

from channels.whatsapp.webhook import BadWebhook, parse, verify_challenge, verify_signature
from server.guest import STATIC as GUEST_STATIC
from server.guest import guest_routes
from server.health import health_routes
from server.inbox import inbox_app
from server.incoming import RETRY_LATER, TOO_LARGE, problem, read_body
from server.leaving import leaving_routes
from server.parts import Parts
from server.report_routes import report_routes
from server.tracking.routes import STATIC, tracking_routes
from server.watching import CountRequests
from storage.database import StorageError
from telemetry.metrics import WEBHOOK_SECONDS

log = structlog.get_logger()


def public_app(parts: Parts) -> FastAPI:
    """The app behind PUBLIC_PORT."""
    app = FastAPI(title="Relais, public port", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(CountRequests, port="public")
    app.include_router(health_routes(parts))
    app.include_router(tracking_routes(parts))
    app.include_router(guest_routes(parts))
    app.include_router(leaving_routes(parts))
    app.include_router(report_routes(parts))
    app.mount("/t/static", StaticFiles(directory=STATIC))
    app.mount("/g/static", StaticFiles(directory=GUEST_STATIC))
    app.mount("/inbox", inbox_app(parts))

    @app.get("/webhooks/whatsapp")
    async def confirm(request: Request) -> Response:
        """Meta asks whether this address is ours."""
        token = parts.settings.whatsapp_verify_token.get_secret_value()
        challenge = verify_challenge(request.query_params, token)
        if challenge is None:
            return PlainTextResponse("The verify token is not ours.", status_code=403)
        return PlainTextResponse(challenge)

    @app.post("/webhooks/whatsapp")
    async def receive(request: Request) -> Response:
        """Keep everything a webhook brings, then acknowledge it: no bot and no network before the 200."""
        body = await read_body(request)
        if body is None:
            return problem(413, TOO_LARGE)
        secret = parts.settings.whatsapp_app_secret.get_secret_value()
        if not verify_signature(secret, body, request.headers.get("x-hub-signature-256")):
            log.warning("webhook.bad_signature")
            return problem(401, "X-Hub-Signature-256 is missing or was not made with our app secret.")
        try:
            items = parse(body)
        except BadWebhook as error:
            return problem(400, f"This is not a WhatsApp webhook: {error}")
        try:
            with WEBHOOK_SECONDS.time():
                await parts.intake.keep(items)
        except StorageError as error:
            log.error("webhook.not_kept", problem=str(error))
            return problem(503, "It cannot be kept now; send it again.", RETRY_LATER)
        return JSONResponse({"status": "kept"})

    return app
