"""Missions: tracking them, and asking for new ones."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from demo.backend import sending
from demo.backend.api.asking import (
    CONFLICT,
    NOT_FOUND,
    PAGE_DEFAULT,
    Asked,
    CursorQuery,
    Limit,
    MissionCode,
    Now,
    Shop,
    Write,
)
from demo.backend.contract.missions import (
    Cancellation,
    Mission,
    MissionQuote,
    Missions,
    MissionWanted,
    NewDropoff,
    NewMission,
)
from demo.backend.records import missions

router = APIRouter(tags=["missions"])


@router.get("/missions/{code}", summary="One mission of the customer", responses=NOT_FOUND)
def read_mission(code: MissionCode, asked: Asked, store: Shop, now: Now) -> Mission:
    """Answer 404 when it is somebody else's, exactly as when it does not exist.

    Otherwise the codes, which are easy to guess, would tell strangers what exists.
    """
    with store.reading() as database:
        return sending.find(database, asked, code, now())


@router.get("/missions", summary="The customer's missions")
def list_missions(
    asked: Asked, store: Shop, now: Now, limit: Limit = PAGE_DEFAULT, cursor: CursorQuery = None
) -> Missions:
    """Newest first; an empty list for a customer who has none."""
    with store.reading() as database:
        return missions.newest(database, asked.business, asked.phone, now(), limit, cursor)


@router.post("/mission-quotes", summary="What a mission would cost", responses=CONFLICT)
def quote_mission(wanted: MissionWanted, asked: Asked, store: Shop, now: Now) -> MissionQuote:
    """Nothing is written: Relais may ask as often as it likes."""
    with store.reading() as database:
        return sending.quote(database, asked, wanted, now())


@router.post(
    "/missions",
    summary="Ask for a mission",
    status_code=HTTPStatus.CREATED,
    response_model=Mission,
    responses=CONFLICT,
)
def create_mission(wanted: NewMission, asked: Asked, write: Write) -> Response:
    """Price it again; if that is not `expected_total`, answer price_changed and write nothing."""
    return write(wanted, lambda database, now: sending.create(database, asked, wanted, now), status=HTTPStatus.CREATED)


@router.post(
    "/missions/{code}/cancel", summary="Cancel a mission", response_model=Mission, responses={**NOT_FOUND, **CONFLICT}
)
def cancel_mission(code: MissionCode, wanted: Cancellation, asked: Asked, write: Write) -> Response:
    """While `allowed` holds cancel; afterwards too_late_to_cancel."""
    return write(wanted, lambda database, now: sending.cancel(database, asked, code, now))


@router.post(
    "/missions/{code}/dropoff",
    summary="Bring a mission elsewhere",
    response_model=Mission,
    responses={**NOT_FOUND, **CONFLICT},
)
def change_mission_dropoff(code: MissionCode, wanted: NewDropoff, asked: Asked, write: Write) -> Response:
    """While `allowed` holds change_dropoff. Where that costs something else, answer price_changed first."""
    return write(wanted, lambda database, now: sending.change_dropoff(database, asked, code, wanted, now))
