"""Payments: references of mobile money, and receipts."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response

from demo.backend import paying
from demo.backend.api.asking import CONFLICT, NOT_FOUND, Asked, Now, Shop, Write
from demo.backend.contract.payments import NewPayment, Payment, Receipt

router = APIRouter(tags=["payments"])


@router.post(
    "/payments",
    summary="Give the reference of a payment",
    status_code=HTTPStatus.CREATED,
    response_model=Payment,
    responses={**NOT_FOUND, **CONFLICT},
)
def create_payment(wanted: NewPayment, asked: Asked, write: Write) -> Response:
    """The customer has paid by mobile money. A reference pays for one thing."""
    return write(wanted, lambda database, now: paying.pay(database, asked, wanted, now), status=HTTPStatus.CREATED)


@router.get("/receipts/{code}", summary="The receipt of a mission or an order", responses={**NOT_FOUND, **CONFLICT})
def read_receipt(
    code: Annotated[str, Path(max_length=64, examples=["CMD-20250127-012"])], asked: Asked, store: Shop, now: Now
) -> Receipt:
    """Once it is paid; before, not_paid."""
    with store.reading() as database:
        return paying.receipt(database, asked, code, now())
