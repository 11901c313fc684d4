"""GET /inbox/v1/messages, and what a person does with them: read, all read, follow, put away."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime
from sqlalchemy.engine import Connection

from channels.inapp import InboxPass
from notifications.inbox import marking, reading
from notifications.inbox.marking import AT_ONCE, Mark
from notifications.inbox.reading import Counts, Item, Owner, Page
from server.inbox.door import InboxDoor, Refused, owner_of, shown
from server.parts import Parts
from storage.database import StorageError

MOST: Final = 100
"""Messages on a page."""

HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def inbox_routes(parts: Parts, door: InboxDoor) -> APIRouter:
    """All of them ask for an inbox token."""

    async def entered(request: Request, response: Response) -> InboxPass:
        response.headers.update(HEADERS)
        return await door.ask(request.headers.get("authorization"), request.headers.get("origin"))

    router, desk = APIRouter(prefix="/v1/messages"), InboxDesk(parts)
    type Entered = Annotated[InboxPass, Depends(entered)]

    @router.get("")
    async def look(
        token: Entered,
        cursor: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
        only: Literal["unread"] | None = None,
    ) -> dict[str, Any]:
        """A page, the newest first, with the counts; what is on it has been delivered."""
        before = None if cursor is None else str(cursor)
        owner, page = await parts.database.read(_page, token, before, limit, only_unread=only == "unread")
        await desk.delivered(owner, page.undelivered)
        return {
            "data": [shown(each) for each in page.items],
            "next": page.next,
            "counts": shown(page.counts),
            "since": shown(page)["as_of"],
        }

    @router.post("/read-all")
    async def read_all(token: Entered, until: AwareDatetime | None = None) -> dict[str, Any]:
        """Everything that came until then (now, where nothing is said) is read."""
        return {"counts": shown(await desk.read_all(token, until))}

    @router.post("/{message_id}/{done}")
    async def mark(token: Entered, message_id: UUID, done: Mark) -> dict[str, Any]:
        """read: seen; click: followed, and so read; archive: put away, and no longer in the list or the counts."""
        item, counts = await desk.mark(token, str(message_id), done)
        return {"message": shown(item), "counts": shown(counts)}

    return router


class InboxDesk:
    """Keeps what people do with their messages, and tells whoever is to know."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def mark(self, token: InboxPass, message_id: str, done: Mark) -> tuple[Item, Counts]:
        """The message as it is now, and the counts. Raises Refused where it is not in this inbox."""
        owner, item, counts = await self._parts.database.write(_mark, token, message_id, done)
        self._tell(owner)
        return item, counts

    async def read_all(self, token: InboxPass, until: datetime | None) -> Counts:
        """How the counts are then."""
        ends = until
        while True:
            owner, ends, count, counts = await self._parts.database.write(_read_some, token, ends)
            if count < AT_ONCE:
                break
        self._tell(owner)
        return counts

    async def delivered(self, owner: Owner, ids: Sequence[str]) -> None:
        """An app has these. That it cannot be kept now is no reason to keep them from anybody."""
        if not ids:
            return
        with contextlib.suppress(StorageError):
            await self._parts.database.write(marking.mark_delivered, owner, ids)
            self._wake()

    def _tell(self, owner: Owner) -> None:
        self._parts.news.tell([owner.subscriber_id])
        self._wake()

    def _wake(self) -> None:
        for topic in ("messages", "plans"):
            self._parts.wakeup.signal(topic)


def _page(
    connection: Connection, token: InboxPass, before: str | None, limit: int, *, only_unread: bool
) -> tuple[Owner, Page]:
    owner = owner_of(connection, token)
    return owner, reading.page(connection, owner, before, limit, only_unread=only_unread)


def _mark(connection: Connection, token: InboxPass, message_id: str, done: Mark) -> tuple[Owner, Item, Counts]:
    owner = owner_of(connection, token)
    if not marking.mark(connection, owner, message_id, done):
        raise Refused(404, "There is no such message in this inbox.")
    (item,), counts = reading.items(connection, owner, [message_id])
    return owner, item, counts


def _read_some(connection: Connection, token: InboxPass, until: datetime | None) -> tuple[Owner, datetime, int, Counts]:
    owner = owner_of(connection, token)
    ends = until or reading.moment(connection)
    count = marking.mark_read(connection, owner, ends)
    return owner, ends, count, reading.items(connection, owner, [])[1]
