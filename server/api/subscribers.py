"""People over the API: kept, found, changed and forgotten, by the id that the business's own system gave them."""

from typing import Annotated, Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.engine import Connection

from conversations import erasures
from conversations.merge import merge
from notifications.plans.people import business_of
from notifications.triggering import BadRecipient, Recipient
from notifications.triggering.meeting import meet
from notifications.triggering.naming import BadName, names_of
from server.api.bodies import StrictRoute
from server.api.callers import MayReadSubscribers, MayWriteSubscribers
from server.api.fields import Asked, Key, Payload, SubscriberKey, example
from server.api.mending import FieldError
from server.api.pages import DEFAULT_LIMIT, Cursor, Limit, page
from server.api.people import Subscriber, Subscribers, addresses_of, known_person, profile, shown
from server.api.problems import Problem, not_found
from server.api.recipients import field_errors_of, refused
from server.api.refusals import refusals
from server.parts import Parts, utc_now
from storage.tables import addresses, subscribers


class Profile(Asked):
    """What to keep of a person; what is left out stays as it is."""

    model_config = example(
        {"name": "Grâce Mabiala", "phone": "+242061234567", "email": "grace@example.com", "locale": "fr"}
    )

    name: Key | None = None
    phone: Annotated[Key | None, Field(description="Added to those that are known")] = None
    whatsapp: Annotated[Key | None, Field(description="Where it is another number")] = None
    email: Key | None = None
    locale: Annotated[Key | None, Field(description="A language they chose in the chat stays theirs")] = None
    timezone: Key | None = None
    attributes: Annotated[Payload | None, Field(description="Each is set; the others stay")] = None


class Searched(Asked):
    """Whom to look for, by one of their addresses."""

    model_config = example({"phone": "+242061234567"})

    phone: Key | None = None
    whatsapp: Key | None = None
    email: Key | None = None


class Forgetting(BaseModel):
    """They are forgotten once nothing of theirs is on its way."""

    subscriber_id: UUID


def subscriber_routes(parts: Parts) -> APIRouter:
    """/v1/subscribers and below."""
    router = APIRouter(prefix="/v1/subscribers", tags=["subscribers"], route_class=StrictRoute)
    database = parts.database

    @router.get("", response_model=Subscribers, responses=refusals())
    async def look(caller: MayReadSubscribers, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT) -> Any:
        """Everybody that the business knows, the newest first."""
        return await database.read(_listed, caller.needs_business(), cursor, limit)

    @router.post("/find", response_model=Subscriber, responses=refusals(404))
    async def find(caller: MayReadSubscribers, wanted: Searched) -> Any:
        """Who has this address. A POST, so that no number stands in an address that is logged."""
        return await database.read(_found, caller.needs_business(), wanted)

    @router.delete("/{subscriber:path}/addresses/{address_id}", status_code=204, responses=refusals(404))
    async def remove(caller: MayWriteSubscribers, subscriber: SubscriberKey, address_id: UUID) -> None:
        """Do not write there any more."""
        await database.write(_removed, caller.needs_business(), subscriber, str(address_id))

    @router.get("/{subscriber:path}", response_model=Subscriber, responses=refusals(404))
    async def one(caller: MayReadSubscribers, subscriber: SubscriberKey) -> Any:
        """One person, with their addresses."""
        business_id = caller.needs_business()
        return await database.read(lambda c: shown(c, known_person(c, business_id, subscriber)))

    @router.put("/{subscriber:path}", response_model=Subscriber, responses=refusals())
    async def keep(caller: MayWriteSubscribers, subscriber: SubscriberKey, told: Profile) -> Any:
        """Add or change a person. Somebody known by another of these names is the same person from now on."""
        return await database.write(_kept, caller.needs_business(), subscriber, told)

    @router.delete("/{subscriber:path}", status_code=202, response_model=Forgetting, responses=refusals(404))
    async def forget(caller: MayWriteSubscribers, subscriber: SubscriberKey) -> Any:
        """Forget a person: what was said, sent and kept of them. Your own system forgets for itself."""
        if caller.is_test:
            raise Problem("missing-scope", "A test key cannot forget people; use a live one.", scope="live")
        forgotten = await database.write(_forgotten, caller.needs_business(), subscriber)
        parts.wakeup.signal("erasures")
        return {"subscriber_id": forgotten}

    return router


def _listed(connection: Connection, business_id: str, cursor: str | None, limit: int) -> dict[str, Any]:
    s = subscribers.c
    everybody = sa.select(subscribers).where(s.business_id == business_id, s.merged_into.is_(None))
    found = page(connection, everybody, s.id, cursor, limit, profile)
    known = addresses_of(connection, [each["id"] for each in found["data"]])
    return {**found, "data": [{**each, "addresses": known.get(each["id"], [])} for each in found["data"]]}


def _kept(connection: Connection, business_id: str, key: str, told: Profile) -> dict[str, Any]:
    recipient = Recipient(**_named(connection, business_id, key), **told.model_dump())
    [person] = meet(connection, business_of(connection, business_id), [recipient], merge, utc_now())
    if isinstance(person, BadRecipient):
        raise refused([_without_to(each) for each in field_errors_of(person)])
    return shown(connection, person)


def _named(connection: Connection, business_id: str, key: str) -> dict[str, Any]:
    """An id of ours is nobody's of theirs, unless nobody has it."""
    try:
        return {"subscriber_id": known_person(connection, business_id, key)}
    except Problem:
        return {"id": key}


def _found(connection: Connection, business_id: str, wanted: Searched) -> dict[str, Any]:
    business = business_of(connection, business_id)
    try:
        names = names_of(Recipient(**wanted.model_dump()), business.country)
    except BadName as error:
        raise refused([_without_to(each) for each in field_errors_of(BadRecipient([error.problem]))]) from None
    a = addresses.c
    person = connection.scalar(
        sa.select(a.subscriber_id)
        .where(a.business_id == business_id, sa.tuple_(a.kind, a.value).in_(list(names.all)))
        .limit(1)
    )
    if person is None:
        raise not_found("person")
    return shown(connection, known_person(connection, business_id, person))


def _forgotten(connection: Connection, business_id: str, key: str) -> str:
    person = known_person(connection, business_id, key)
    erasures.ask(
        connection,
        business_id=business_id,
        subscriber_id=person,
        asked_by="api",
        wish_id=str(uuid5(UUID(person), "api")),
        now=utc_now(),
    )
    return person


def _removed(connection: Connection, business_id: str, key: str, address_id: str) -> None:
    a = addresses.c
    person = known_person(connection, business_id, key)
    gone = connection.execute(sa.delete(addresses).where(a.id == address_id, a.subscriber_id == person))
    if gone.rowcount == 0:
        raise not_found("address")


def _without_to(error: FieldError) -> FieldError:
    return FieldError(field=error.field.removeprefix("to."), problem=error.problem, mend=error.mend)
