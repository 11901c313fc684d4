"""Claims and ratings."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response

from demo.backend import aftercare
from demo.backend.api.asking import CONFLICT, NOT_FOUND, PAGE_DEFAULT, Asked, CursorQuery, Limit, Shop, Write
from demo.backend.contract.aftercare import Claim, Claims, NewClaim, NewRating, Rating
from demo.backend.records import aftercare as records

router = APIRouter(tags=["aftercare"])


@router.post(
    "/claims",
    summary="Complain about a mission or an order",
    status_code=HTTPStatus.CREATED,
    response_model=Claim,
    responses={**NOT_FOUND, **CONFLICT},
)
def create_claim(wanted: NewClaim, asked: Asked, write: Write) -> Response:
    """Files stay with Relais: fetch them by their ids."""
    return write(
        wanted, lambda database, now: aftercare.make_claim(database, asked, wanted, now), status=HTTPStatus.CREATED
    )


@router.get("/claims/{claim_id}", summary="One claim of the customer", responses=NOT_FOUND)
def read_claim(
    claim_id: Annotated[str, Path(max_length=64, examples=["RCL-20250127-003"])], asked: Asked, store: Shop
) -> Claim:
    """Answer 404 when it is somebody else's, exactly as when it does not exist."""
    with store.reading() as database:
        return aftercare.find_claim(database, asked, claim_id)


@router.get("/claims", summary="The customer's claims")
def list_claims(asked: Asked, store: Shop, limit: Limit = PAGE_DEFAULT, cursor: CursorQuery = None) -> Claims:
    """Newest first; an empty list for a customer who has none."""
    with store.reading() as database:
        return records.claims(database, asked.business, asked.phone, limit, cursor)


@router.post(
    "/ratings",
    summary="Rate a delivery",
    status_code=HTTPStatus.CREATED,
    response_model=Rating,
    responses={**NOT_FOUND, **CONFLICT},
)
def create_rating(wanted: NewRating, asked: Asked, write: Write) -> Response:
    """Once it is delivered; a later rating takes the place of the one before."""
    return write(wanted, lambda database, now: aftercare.rate(database, asked, wanted, now), status=HTTPStatus.CREATED)
