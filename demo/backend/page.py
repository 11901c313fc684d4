"""The demo's page: what the business sees, and buttons to move it on; no scripts."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Literal

from babel.dates import format_datetime, get_timezone
from fastapi import APIRouter, Depends, Form, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError

from demo.backend import controls
from demo.backend.contract.aftercare import Claim
from demo.backend.contract.orders import Order
from demo.backend.contract.shop import Merchant
from demo.backend.controls import Now, Shop, Switch
from demo.backend.faults import Faults
from demo.backend.journey import NEXT
from demo.backend.local import local_only
from demo.backend.records import aftercare, businesses, catalogue, missions, orders
from demo.backend.records.businesses import Business
from demo.backend.records.missions import Delivery

HERE = Path(__file__).parent
DELAYS = (0, 2, 4, 8, 30)  # seconds; the bot gives the backend 5 per try
STATUSES = (None, 401, 404, 422, 500, 503)
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter(include_in_schema=False, dependencies=[Depends(local_only)])
pages = Environment(
    loader=FileSystemLoader(HERE / "templates"), undefined=StrictUndefined, autoescape=True, trim_blocks=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shop:
    """A business as its people see it."""

    business: Business
    deliveries: list[Delivery]
    orders: dict[str, Order]  # by the code of the mission that brings it
    claims: list[Claim]
    merchants: list[Merchant]


@router.get("/")
def page(store: Shop, switch: Switch, now: Now) -> HTMLResponse:
    """Missions, claims and merchants per business, each with its buttons."""
    with store.reading() as database:
        shops = [_shop(database, business, now()) for business in businesses.every(database)]
    html = pages.get_template("missions.html").render(
        shops=shops, next_status=NEXT, faults=switch.now, delays=DELAYS, statuses=STATUSES, moment=_moment
    )
    return HTMLResponse(html, headers=PAGE_HEADERS)


@router.get("/missions.css")
def stylesheet() -> FileResponse:
    """How the page looks."""
    return FileResponse(HERE / "static" / "missions.css", headers={"Cache-Control": "no-cache"})


@router.post("/missions/{code}/{move}")
def press(code: str, move: str, store: Shop, now: Now) -> Response:
    """A button under a mission."""
    controls.moved(code, store, move, now())
    return _back(f"#{code}")


@router.post("/claims/{claim_id}/{status}")
def press_claim(
    claim_id: str,
    status: Literal["in_review", "accepted", "rejected"],
    store: Shop,
    now: Now,
    answer: Annotated[str, Form()] = "",
) -> Response:
    """A button under a claim."""
    controls.answer_claim(claim_id, controls.Decision(status=status, answer=answer or None), store, now)
    return _back(f"#{claim_id}")


@router.post("/merchants/{merchant_id}/{doors}")
def press_merchant(merchant_id: str, doors: Literal["open", "close", "hours"], store: Shop) -> Response:
    """A button under a merchant."""
    overruled = {"open": True, "close": False, "hours": None}[doors]
    controls.open_merchant(merchant_id, controls.Doors(open=overruled), store)
    return _back(f"#{merchant_id}")


@router.post("/faults")
def press_faults(
    switch: Switch, delay_seconds: Annotated[str, Form()] = "0", status: Annotated[str, Form()] = ""
) -> Response:
    """The fault form."""
    try:
        switch.now = Faults.model_validate({"delay_seconds": delay_seconds, "status": status or None})
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("form", *each["loc"])} for each in error.errors()]) from None
    return _back()


@router.post("/reset")
def press_reset(store: Shop, switch: Switch) -> Response:
    """The start-over button."""
    controls.start_over(store, switch)
    return _back()


def _shop(database: sqlite3.Connection, business: Business, now: datetime) -> _Shop:
    return _Shop(
        business=business,
        deliveries=missions.deliveries(database, business.slug, now),
        orders={str(order.mission_code): order for order in orders.every(database, business.slug, now)},
        claims=aftercare.every_claim(database, business.slug),
        merchants=catalogue.merchants(database, business.slug, now),
    )


def _back(anchor: str = "") -> RedirectResponse:
    return RedirectResponse(f"/{anchor}", HTTPStatus.SEE_OTHER)


def _moment(at: datetime, timezone: str) -> str:
    return format_datetime(at, "d MMM y, HH:mm", tzinfo=get_timezone(timezone), locale="en")
