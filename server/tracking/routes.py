"""The doors of shared deliveries: one to make a link, inside, and one to read it, for everybody."""

import re
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import structlog
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from backend import BackendError, Customer, NotFound
from conversations import tracking_links
from conversations.tracking_links import SharedDelivery, UnknownSender
from server.parts import Parts, utc_now
from server.tracking.page import LANGUAGES, Reader, away_page, delivery_page, gone_page

STATIC: Final = Path(__file__).parent / "static"

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    # The address is the secret: no other page learns it, no search engine keeps it.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")

log = structlog.get_logger()


class Wanted(BaseModel):
    """The delivery to share; whoever asks has seen that it is this person's."""

    code: Annotated[str, Field(min_length=1, max_length=64)]


def link_routes(parts: Parts) -> APIRouter:
    """POST /internal/people/{sender_id}/tracking-links; whoever mounts it asks for the secret."""
    router = APIRouter(prefix="/internal/people")

    @router.post("/{sender_id}/tracking-links", status_code=201)
    async def share(sender_id: UUID, wanted: Wanted) -> dict[str, str]:
        """The address to hand on, and when it ends. 404 for an unknown sender."""
        try:
            link = await parts.database.write(tracking_links.share, str(sender_id), wanted.code, utc_now())
        except UnknownSender:
            raise HTTPException(404, "There is no such sender.") from None
        return {
            "url": f"{parts.settings.public_address}/t/{link.token}",
            "expires_at": link.expires_at.isoformat(),
        }

    return router


def tracking_routes(parts: Parts) -> APIRouter:
    """GET /t/{token}: the page, for whoever has the address."""
    router = APIRouter(prefix="/t")

    @router.get("/{token}", response_class=HTMLResponse)
    async def page(token: str, request: Request) -> HTMLResponse:
        """The delivery as it is now; 404 for a link that leads nowhere, 503 while the business's system is away."""
        is_one = _TOKEN.fullmatch(token) is not None
        shared = await parts.database.read(tracking_links.find, token, utc_now()) if is_one else None
        if shared is None:
            return _html(gone_page(preferred_language(request)), 404)
        locale = preferred_language(request, shared.owner.business["default_language"])
        try:
            mission = await parts.backend.mission(_customer(shared), shared.code)
        except NotFound:
            return _html(gone_page(locale), 404)
        except BackendError as error:
            log.warning("tracking.no_answer", reason=type(error).__name__)
            return _html(away_page(locale), 503, {"Retry-After": "60"})
        reader = Reader(locale=locale, timezone=shared.owner.business["timezone"], now=utc_now())
        return _html(delivery_page(mission, shared.owner.business["name"], reader, shared.expires_at), 200)

    return router


def _customer(shared: SharedDelivery) -> Customer:
    if shared.owner.phone is None:
        raise NotFound("its customer shows no number")
    return Customer(business=shared.owner.business["slug"], phone=shared.owner.phone)


def _html(page: str, status: int, headers: dict[str, str] | None = None) -> HTMLResponse:
    return HTMLResponse(page, status, {**HEADERS, **(headers or {})})


def preferred_language(request: Request, otherwise: str = LANGUAGES[0]) -> str:
    """The language asked for in the address, else the one that the browser likes best, else the business's."""
    asked = [request.query_params.get("lang", ""), *_preferred(request.headers.get("accept-language", ""))]
    return next((each for each in [*asked, otherwise] if each in LANGUAGES), LANGUAGES[0])


def _preferred(header: str) -> list[str]:
    """Languages of an Accept-Language header (RFC 9110 §12.5.4), the best liked first; what makes no sense is last."""
    weighed = []
    for each in header[:500].split(","):
        tag, _, weight = each.strip().partition(";q=")
        try:
            liked = float(weight) if weight else 1.0
        except ValueError:
            liked = 0.0
        weighed.append((liked, tag.split("-")[0].lower()))
    return [tag for liked, tag in sorted(weighed, key=lambda pair: -pair[0]) if liked > 0]
