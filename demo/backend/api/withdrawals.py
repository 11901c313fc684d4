"""Withdrawing a write whose answer was lost."""

from fastapi import APIRouter, Response

from demo.backend import withdrawing
from demo.backend.api.asking import Asked, Write
from demo.backend.contract.withdrawals import Withdrawal, Withdrawn

router = APIRouter(tags=["withdrawals"])


@router.post("/withdrawals", summary="Give up a write whose answer was lost", response_model=Withdrawn)
def withdraw(wanted: Withdrawal, asked: Asked, write: Write) -> Response:
    """Tell what the key has made. Where that is nothing, see that it never will: refuse later tries, `withdrawn`."""
    return write(wanted, lambda database, now: withdrawing.withdraw(database, asked, wanted.key, now))
