"""The filters that a reader keeps under a name."""

from typing import Annotated
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Response

from conversations.review import noting
from conversations.review.noting import BadNote
from server.desk.door import needs
from server.desk.inbox.asked import Asked
from server.desk.inbox.routes import house_of
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act

type Reading = Annotated[Visit, needs(Act.READ_TALKS)]
type Text = Annotated[str, Form(max_length=5000)]


def filter_routes(desk: Desk) -> APIRouter:
    """POST /talks/filters and /talks/filters/{id}/drop."""
    router = APIRouter(prefix="/talks/filters")
    database = desk.parts.database

    @router.post("")
    async def keep_filter(visit: Reading, name: Text = "", address: Text = "") -> Response:
        """Keep the filter of this list under a name."""
        asked = _read(address)
        house = house_of(visit, asked.business)
        try:
            await database.write(noting.keep_filter, house.id, visit.member.id, name, asked.told)
        except BadNote:
            raise HTTPException(422) from None
        return desk.go(f"/talks?{asked.address()}", done="inbox.done.filter_kept")

    @router.post("/{filter_id}/drop")
    async def drop_filter(visit: Reading, filter_id: UUID) -> Response:
        """Forget one of the reader's own."""
        await database.write(noting.drop_filter, visit.member.id, str(filter_id))
        return desk.go("/talks", done="inbox.done.filter_dropped")

    return router


def _read(address: str) -> Asked:
    """The query of a list, as our own page sent it back."""
    try:
        return Asked.model_validate(dict(parse_qsl(address)))
    except ValueError:
        raise HTTPException(422) from None
