"""The demo's controls: move missions, make calls slow or failing, start over; as JSON and as a page."""

from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from babel.dates import format_datetime, get_timezone
from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError

from demo.backend.callers import shop
from demo.backend.faults import Faults, FaultSwitch
from demo.backend.local import local_only
from demo.backend.planting import replant
from demo.backend.problems import Refusal
from demo.backend.progress import NEXT, NoSuchMission, NothingFollows, advance, cancel
from demo.backend.seed import seed_businesses
from demo.backend.store import Store

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

Shop = Annotated[Store, Depends(shop)]

# Not part of the contract: no business needs them.
router = APIRouter(include_in_schema=False, dependencies=[Depends(local_only)])
pages = Environment(
    loader=FileSystemLoader(HERE / "templates"), undefined=StrictUndefined, autoescape=True, trim_blocks=True
)


def fault_switch(request: Request) -> FaultSwitch:
    """The switch of this application."""
    switch: FaultSwitch = request.app.state.faults
    return switch


Switch = Annotated[FaultSwitch, Depends(fault_switch)]


@router.post("/demo/missions/{code}/advance")
def advance_mission(code: str, store: Shop) -> dict[str, str]:
    """Move a mission to its next status."""
    return {"code": code, "status": _moved(code, store, "advance")}


@router.post("/demo/missions/{code}/cancel")
def cancel_mission(code: str, store: Shop) -> dict[str, str]:
    """Cancel a mission."""
    return {"code": code, "status": _moved(code, store, "cancel")}


@router.get("/demo/faults")
def read_faults(switch: Switch) -> Faults:
    """The faults of now."""
    return switch.now


@router.post("/demo/faults")
def set_faults(faults: Faults, switch: Switch) -> Faults:
    """Make every call of the contract slow or failing; {} makes them well again."""
    switch.now = faults
    return faults


@router.post("/demo/reset")
def start_over(store: Shop, switch: Switch) -> dict[str, str]:
    """Take the data back to the first day, and the faults away."""
    switch.now = Faults()
    replant(store, seed_businesses())
    return {"status": "as on the first day"}


@router.get("/")
def page(store: Shop, switch: Switch) -> HTMLResponse:
    """Missions per business, each with the button that moves it on."""
    shops = [(business, store.deliveries(business.slug)) for business in store.businesses()]
    html = pages.get_template("missions.html").render(
        shops=shops, next_status=NEXT, faults=switch.now, delays=DELAYS, statuses=STATUSES, moment=_moment
    )
    return HTMLResponse(html, headers=PAGE_HEADERS)


@router.get("/missions.css")
def stylesheet() -> FileResponse:
    """How the page looks."""
    return FileResponse(HERE / "static" / "missions.css", headers={"Cache-Control": "no-cache"})


@router.post("/missions/{code}/{move}")
def press(code: str, move: str, store: Shop) -> Response:
    """A button under a mission."""
    _moved(code, store, move)
    return _back(f"#{code}")


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
    start_over(store, switch)
    return _back()


def _moved(code: str, store: Store, move: str) -> str:
    moves = {"advance": advance, "cancel": cancel}
    if move not in moves:
        raise Refusal(HTTPStatus.NOT_FOUND, "A mission can be moved by advance or cancel.")
    try:
        return moves[move](store, code, datetime.now(UTC))
    except NoSuchMission as error:
        raise Refusal(HTTPStatus.NOT_FOUND, str(error)) from None
    except NothingFollows as error:
        raise Refusal(HTTPStatus.CONFLICT, str(error)) from None


def _back(anchor: str = "") -> RedirectResponse:
    return RedirectResponse(f"/{anchor}", HTTPStatus.SEE_OTHER)


def _moment(at: datetime, timezone: str) -> str:
    return format_datetime(at, "d MMM y, HH:mm", tzinfo=get_timezone(timezone), locale="en")
