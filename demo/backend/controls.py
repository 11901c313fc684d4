"""The demo's controls as JSON: move missions, change the shop, answer claims, break the calls, start over."""

from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, Field

from demo.backend.callers import Clock, clock, shop
from demo.backend.contract.missions import Delay
from demo.backend.faults import Faults, FaultSwitch
from demo.backend.local import local_only
from demo.backend.planting import replant
from demo.backend.problems import Refusal
from demo.backend.progress import NoSuchMission, NothingFollows, advance, cancel, delay
from demo.backend.records import aftercare, catalogue
from demo.backend.seed import seed_businesses
from demo.backend.store import Store

Shop = Annotated[Store, Depends(shop)]
Now = Annotated[Clock, Depends(clock)]

# Not part of the contract: no business needs them.
router = APIRouter(include_in_schema=False, dependencies=[Depends(local_only)])


def fault_switch(request: Request) -> FaultSwitch:
    """The switch of this application."""
    switch: FaultSwitch = request.app.state.faults
    return switch


Switch = Annotated[FaultSwitch, Depends(fault_switch)]


class Doors(BaseModel):
    """Whether a merchant is open, whatever its hours say."""

    open: bool | None = None


class Change(BaseModel):
    """What is new about a product; what is left out stays."""

    price: Annotated[Decimal | None, Field(ge=0)] = None
    in_stock: Annotated[int | None, Field(ge=0)] = None


class Decision(BaseModel):
    """What the business makes of a claim."""

    status: Literal["in_review", "accepted", "rejected"]
    answer: str | None = None
    refund: Annotated[Decimal | None, Field(ge=0)] = None


@router.post("/demo/missions/{code}/advance")
def advance_mission(code: str, store: Shop, now: Now) -> dict[str, str]:
    """Move a mission to its next status."""
    return {"code": code, "status": moved(code, store, "advance", now())}


@router.post("/demo/missions/{code}/cancel")
def cancel_mission(code: str, store: Shop, now: Now) -> dict[str, str]:
    """Cancel a mission."""
    return {"code": code, "status": moved(code, store, "cancel", now())}


@router.post("/demo/missions/{code}/delay")
def delay_mission(code: str, late: Delay, store: Shop, now: Now) -> Delay:
    """Make a mission late."""
    try:
        delay(store, code, late.reason, late.minutes, now())
    except NoSuchMission as error:
        raise Refusal(HTTPStatus.NOT_FOUND, str(error)) from None
    return late


@router.post("/demo/merchants/{merchant_id}")
def open_merchant(merchant_id: str, doors: Doors, store: Shop) -> Doors:
    """Open or close a merchant, or let its hours count again."""
    with store.writing() as database:
        if not catalogue.overrule_hours(database, merchant_id, doors.open):
            raise Refusal(HTTPStatus.NOT_FOUND, "There is no merchant with that id.")
    return doors


@router.post("/demo/products/{product_id}")
def change_product(product_id: str, change: Change, store: Shop) -> Change:
    """Change a product's price, or how many of it there are."""
    with store.writing() as database:
        if not catalogue.change_product(database, product_id, change.price, change.in_stock):
            raise Refusal(HTTPStatus.NOT_FOUND, "There is no product with that id.")
    return change


@router.post("/demo/claims/{claim_id}")
def answer_claim(claim_id: str, decision: Decision, store: Shop, now: Now) -> Decision:
    """Say what the business makes of a claim."""
    refund = None if decision.refund is None else str(decision.refund)
    with store.writing() as database:
        if not aftercare.answer_claim(database, claim_id, decision.status, decision.answer, refund, now()):
            raise Refusal(HTTPStatus.NOT_FOUND, "There is no claim with that id.")
    return decision


@router.get("/demo/faults")
def read_faults(switch: Switch) -> Faults:
    """The faults of now."""
    return switch.now


@router.post("/demo/faults")
def set_faults(
    faults: Faults, switch: Switch, customer: Annotated[str | None, Header(alias="Relais-Customer")] = None
) -> Faults:
    """Make every call of the contract slow or failing, or those of one customer; {} makes them well again."""
    if customer is None:
        switch.now = faults
    elif faults == Faults():
        switch.of_customers.pop(customer, None)
    else:
        switch.of_customers[customer] = faults
    return faults


@router.post("/demo/reset")
def start_over(store: Shop, switch: Switch) -> dict[str, str]:
    """Take the data back to the first day, and the faults away."""
    switch.clear()
    replant(store, seed_businesses())
    return {"status": "as on the first day"}


def moved(code: str, store: Store, move: str, now: datetime) -> str:
    """Move a mission, or say why it does not move."""
    moves = {"advance": advance, "cancel": cancel}
    if move not in moves:
        raise Refusal(HTTPStatus.NOT_FOUND, "A mission can be moved by advance or cancel.")
    try:
        return moves[move](store, code, now)
    except NoSuchMission as error:
        raise Refusal(HTTPStatus.NOT_FOUND, str(error)) from None
    except NothingFollows as error:
        raise Refusal(HTTPStatus.CONFLICT, str(error)) from None
