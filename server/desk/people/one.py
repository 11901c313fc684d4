"""The page of one person, what the business's system has of them, their data as a file, and forgetting them."""

import json
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.engine import Connection

from backend import BackendError, NotFound, Refused
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.people.known import CHANNELS, business_of, read
from server.desk.visit import Visit
from server.personal import NobodyKnown
from staff import Act
from staff.audit import Deed, keep

type Reader = Annotated[Visit, needs(Act.READ_PEOPLE)]
type Eraser = Annotated[Visit, needs(Act.ERASE_PEOPLE)]


def person_routes(desk: Desk) -> APIRouter:
    """/people/{person_id} and below."""
    router, pages = APIRouter(prefix="/people/{person_id}"), _Person(desk)
    router.get("")(pages.show)
    router.get("/business")(pages.business)
    router.get("/export")(pages.export)
    router.post("/erase")(pages.erase)
    return router


async def theirs(desk: Desk, visit: Visit, person_id: UUID, act: Act) -> tuple[str, str]:
    """The business of this person, and who they are now. Raises HTTPException and MayNot."""
    found = await desk.parts.database.read(business_of, str(person_id))
    if found is None:
        raise HTTPException(404)
    if not visit.member.may(act, found[0]):
        raise MayNot
    return found


def kept(connection: Connection, visit: Visit, deed: Deed, business_id: str, person_id: str) -> None:
    """Keep in the audit what was done with this person."""
    keep(
        connection,
        deed,
        visit.now,
        member_id=visit.member.id,
        business_id=business_id,
        subject=("person", person_id),
        address=visit.address,
    )


class _Person:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def show(self, visit: Reader, person_id: UUID, wrong: str = "") -> Response:
        """Everything that we know. That somebody looked is kept."""
        business_id, person = await theirs(self._desk, visit, person_id, Act.READ_PEOPLE)
        if person != str(person_id):
            return self._desk.go(f"/people/{person}")
        return await self._page(visit, business_id, person)

    async def business(self, visit: Reader, person_id: UUID) -> Response:
        """A piece: orders and deliveries, as the business's system tells them; or that it does not."""
        _, person = await theirs(self._desk, visit, person_id, Act.READ_PEOPLE)
        told: dict[str, Any] = {"missions": [], "orders": [], "problem": None}
        try:
            customer = await self._desk.parts.personal.customer(person)
            if customer is not None:
                backend = self._desk.parts.backend
                told["orders"] = (await backend.orders(customer)).items
                told["missions"] = (await backend.mission_page(customer)).items
        except NotFound:
            pass  # it knows nothing of them
        except Refused as refused:
            told["problem"] = refused.code
        except BackendError:
            told["problem"] = "away"
        return self._desk.piece(visit, "people/business.html", **told)

    async def export(self, visit: Eraser, person_id: UUID) -> Response:
        """All of it as a file, for the person; as `./relais person export` gives it."""
        business_id, person = await theirs(self._desk, visit, person_id, Act.ERASE_PEOPLE)
        try:
            document = await self._desk.parts.personal.document_of(person, visit.now)
        except BackendError:
            return await self._page(visit, business_id, person, wrong="away")
        await self._database.write(kept, visit, Deed.PERSON_EXPORTED, business_id, person)
        headers = {"Content-Disposition": f'attachment; filename="{person}.json"'}
        return Response(
            json.dumps(document, ensure_ascii=False, indent=2), media_type="application/json", headers=headers
        )

    async def erase(self, visit: Eraser, person_id: UUID, typed: Annotated[str, Form(max_length=100)] = "") -> Response:
        """Forget them: at the business's system now, here once nothing is on its way. The word has to be typed."""
        business_id, person = await theirs(self._desk, visit, person_id, Act.ERASE_PEOPLE)
        word = self._desk.words(visit)["people"]["erase"]["word"]
        if typed.strip().casefold() != word.casefold():
            return await self._page(visit, business_id, person, wrong="word")
        try:
            left = await self._desk.parts.personal.erase_one(person, str(uuid4()), visit.now)
        except Refused as refused:
            return await self._page(visit, business_id, person, wrong="refused", code=refused.code)
        except (BackendError, NobodyKnown):
            return await self._page(visit, business_id, person, wrong="away")
        await self._database.write(kept, visit, Deed.PERSON_ERASED, business_id, person)
        return await self._page(visit, business_id, person, left=left)

    async def _page(self, visit: Visit, business_id: str, person: str, **told: Any) -> Response:
        known = await self._database.write(_opened, visit, business_id, person)
        may = {name: visit.member.may(act, business_id) for name, act in _ACTS.items()}
        values = {"wrong": None, "code": "", "left": None, **told}
        return self._desk.page(
            visit,
            "people/person.html",
            422 if values["wrong"] else 200,
            known=known,
            channels=CHANNELS,
            may=may,
            **values,
        )


_ACTS = {
    "erase": Act.ERASE_PEOPLE,
    "decide": Act.CHANGE_PREFERENCES,
    "talks": Act.READ_TALKS,
    "messages": Act.READ_MESSAGES,
}


def _opened(connection: Connection, visit: Visit, business_id: str, person: str) -> Any:
    kept(connection, visit, Deed.PERSON_OPENED, business_id, person)
    return read(connection, person)
