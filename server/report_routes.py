"""The doors for what providers of email and SMS report: signed, kept, and only then acknowledged."""

from collections.abc import Sequence
from typing import Final

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from channels.email import sendgrid_webhook
from channels.reports import Report
from channels.sms import twilio_webhook
from notifications.reported import keep_reports
from server.incoming import RETRY_LATER, TOO_LARGE, problem, read_body
from server.parts import Parts, utc_now
from server.senders import TWILIO_REPORTS as TWILIO_PATH
from storage.database import StorageError

log = structlog.get_logger()

SENDGRID_PATH: Final = "/webhooks/sendgrid"


def report_routes(parts: Parts) -> APIRouter:
    """POST /webhooks/sendgrid and /webhooks/twilio."""
    router, desk = APIRouter(), _Desk(parts)

    @router.post(SENDGRID_PATH)
    async def sendgrid(request: Request) -> Response:
        """Events of SendGrid's signed event webhook, several at a time."""
        body = await read_body(request)
        return problem(413, TOO_LARGE) if body is None else await desk.sendgrid(request, body)

    @router.post(TWILIO_PATH)
    async def twilio(request: Request) -> Response:
        """The status of one SMS, in a form."""
        body = await read_body(request)
        return problem(413, TOO_LARGE) if body is None else await desk.twilio(request, body)

    return router


class _Desk:
    """Believes what is signed, and keeps it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def sendgrid(self, request: Request, body: bytes) -> Response:
        keys = self._parts.settings.sendgrid_webhook_keys
        if not keys:
            return problem(404, "SENDGRID_WEBHOOK_KEY is not set, so nothing that comes here can be believed.")
        signature = request.headers.get(sendgrid_webhook.SIGNATURE_HEADER)
        timestamp = request.headers.get(sendgrid_webhook.TIMESTAMP_HEADER)
        if not sendgrid_webhook.verify_signature(keys, body, signature, timestamp, utc_now()):
            return _stranger(sendgrid_webhook.PROVIDER, "SENDGRID_WEBHOOK_KEY")
        try:
            reports = sendgrid_webhook.parse(body, utc_now())
        except sendgrid_webhook.BadEvents as error:
            return problem(400, str(error))
        return await self._keep(reports)

    async def twilio(self, request: Request, body: bytes) -> Response:
        tokens = self._parts.settings.twilio_auth_tokens
        if not tokens:
            return problem(404, "TWILIO_AUTH_TOKEN is not set, so nothing that comes here can be believed.")
        # Twilio signs the address that it knows, whatever a proxy made of it.
        query = request.scope["query_string"].decode("latin-1")
        url = f"{self._parts.settings.public_address}{TWILIO_PATH}{'?' if query else ''}{query}"
        if not twilio_webhook.verify_signature(tokens, url, body, request.headers.get(twilio_webhook.SIGNATURE_HEADER)):
            return _stranger(twilio_webhook.PROVIDER, "TWILIO_AUTH_TOKEN and PUBLIC_URL")
        try:
            report = twilio_webhook.parse(url, body, utc_now())
        except twilio_webhook.BadCallback as error:
            return problem(400, str(error))
        return await self._keep([report])

    async def _keep(self, reports: Sequence[Report]) -> Response:
        try:
            known = await self._parts.database.write(keep_reports, reports, utc_now())
        except StorageError as error:
            log.error("reports.not_kept", problem=str(error))
            return problem(503, "It cannot be kept now; send it again.", RETRY_LATER)
        if known:
            for topic in ("messages", "plans"):
                self._parts.wakeup.signal(topic)
        return JSONResponse({"status": "kept"})


def _stranger(provider: str, settings: str) -> Response:
    log.warning("reports.bad_signature", provider=provider)
    return problem(401, f"The signature is missing, too old, or was not made with ours: check {settings}.")
