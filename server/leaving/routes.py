"""GET and POST /u/{token}: the one shows what the link would do, the other does it at once (RFC 8058)."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from notifications.leaving import UnknownLink, leave, standing
from server.leaving.page import asking_page, gone_page, left_page
from server.parts import Parts, utc_now
from server.tracking.routes import HEADERS as CLOSED
from server.tracking.routes import preferred_language

HEADERS: Final = {
    **CLOSED,
    "Content-Security-Policy": CLOSED["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'"),
}


def leaving_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/u")

    @router.get("/{token}", response_class=HTMLResponse)
    async def ask(token: str, request: Request) -> HTMLResponse:
        """What leaving would mean, and a button. It changes nothing: scanners follow every link of an email."""
        try:
            found = await parts.database.read(standing, parts.senders.links.read(token))
        except UnknownLink:
            return _gone(request)
        return _html(left_page(found) if found.has_left else asking_page(found))

    @router.post("/{token}", response_class=HTMLResponse)
    async def go(token: str, request: Request) -> HTMLResponse:
        """Leave, without another question; again changes nothing. The body says nothing that the address does not."""
        try:
            found = await parts.database.write(leave, parts.senders.links.read(token), utc_now())
        except UnknownLink:
            return _gone(request)
        return _html(left_page(found))

    return router


def _gone(request: Request) -> HTMLResponse:
    return _html(gone_page(preferred_language(request)), 404)


def _html(page: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(page, status, HEADERS)
