"""What customers may ask about their own data."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from demo.backend import privacy
from demo.backend.api.asking import CONFLICT, Asked, Now, Shop, Write
from demo.backend.contract.aftercare import Deletion, Export

router = APIRouter(tags=["customer"])


class _Nothing(BaseModel):
    """A request without a body."""


@router.get("/customer/export", summary="Everything about the customer")
def export_customer(asked: Asked, store: Shop, now: Now) -> Export:
    """For a customer whom nobody knows, an export with nothing in it."""
    with store.reading() as database:
        return privacy.export(database, asked, now())


@router.delete("/customer", summary="Delete the customer's data", response_model=Deletion, responses=CONFLICT)
def delete_customer(asked: Asked, write: Write) -> Response:
    """While a delivery is under way, answer delivery_under_way and delete nothing."""
    return write(_Nothing(), lambda database, now: privacy.delete(database, asked, now))
