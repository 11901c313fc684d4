"""Orders: what a cart costs, ordering it, and what became of it."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from demo.backend import selling
from demo.backend.api.asking import (
    CONFLICT,
    NOT_FOUND,
    PAGE_DEFAULT,
    Asked,
    CursorQuery,
    Limit,
    Now,
    OrderCode,
    Shop,
    Write,
)
from demo.backend.contract.missions import Cancellation, NewDropoff
from demo.backend.contract.orders import NewOrder, Order, OrderQuote, Orders, OrderWanted
from demo.backend.records import orders

router = APIRouter(tags=["orders"])


@router.post("/order-quotes", summary="What a cart costs")
def quote_order(wanted: OrderWanted, asked: Asked, store: Shop, now: Now) -> OrderQuote:
    """Nothing is written. What stands in the way of ordering is told in `problems`, and the rest is priced."""
    with store.reading() as database:
        return selling.quote(database, asked, wanted, now())


@router.post(
    "/orders", summary="Order a cart", status_code=HTTPStatus.CREATED, response_model=Order, responses=CONFLICT
)
def place_order(wanted: NewOrder, asked: Asked, write: Write) -> Response:
    """Price it again, refuse for the first problem, take the stock and write the order, all in one."""
    return write(wanted, lambda database, now: selling.place(database, asked, wanted, now), status=HTTPStatus.CREATED)


@router.get("/orders/{code}", summary="One order of the customer", responses=NOT_FOUND)
def read_order(code: OrderCode, asked: Asked, store: Shop, now: Now) -> Order:
    """Answer 404 when it is somebody else's, exactly as when it does not exist."""
    with store.reading() as database:
        return selling.find(database, asked, code, now())


@router.get("/orders", summary="The customer's orders")
def list_orders(asked: Asked, store: Shop, now: Now, limit: Limit = PAGE_DEFAULT, cursor: CursorQuery = None) -> Orders:
    """Newest first; an empty list for a customer who has none."""
    with store.reading() as database:
        return orders.newest(database, asked.business, asked.phone, now(), limit, cursor)


@router.post(
    "/orders/{code}/cancel", summary="Cancel an order", response_model=Order, responses={**NOT_FOUND, **CONFLICT}
)
def cancel_order(code: OrderCode, wanted: Cancellation, asked: Asked, write: Write) -> Response:
    """While `allowed` holds cancel; afterwards too_late_to_cancel."""
    return write(wanted, lambda database, now: selling.cancel(database, asked, code, now))


@router.post(
    "/orders/{code}/dropoff",
    summary="Bring an order elsewhere",
    response_model=Order,
    responses={**NOT_FOUND, **CONFLICT},
)
def change_order_dropoff(code: OrderCode, wanted: NewDropoff, asked: Asked, write: Write) -> Response:
    """While `allowed` holds change_dropoff. Where that costs something else, answer price_changed first."""
    return write(wanted, lambda database, now: selling.change_dropoff(database, asked, code, wanted, now))
