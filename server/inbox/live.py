"""WS /inbox/v1/live: tells an open page or app what is new, what was read elsewhere, and how many are unread.

Nothing is queued for anybody: a line that is told something reads what changed since it last spoke, so whatever came
meanwhile makes one frame. Who cannot keep up is let go, and asks from where it was.

Ended               the line is closed with a code that says why
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError
from sqlalchemy.engine import Connection

from channels.inapp import InboxPass
from channels.inapp.token import MAX_TOKEN
from notifications.inbox import reading
from notifications.inbox.reading import Changes, Counts, Item, Owner
from server.inbox.door import InboxDoor, Refused, owner_of, shown
from server.inbox.routes import InboxDesk
from server.parts import Parts, utc_now
from storage.database import StorageError
from telemetry.metrics import INBOX_LINES

HELLO_SECONDS: Final = 5.0
"""For the first frame, which holds the token."""

BEAT_SECONDS: Final = 25.0
"""A line says something so often at least: proxies close what is silent for a minute. It looks for itself then, since
what it is told may be lost."""

SEND_SECONDS: Final = 10.0
"""Who has not taken a frame after this is let go."""

GATHER_SECONDS: Final = 0.05
"""What comes so soon after a frame shares the next one."""

CLOSE_SECONDS: Final = 1.0

MOST_LINES: Final = 10
"""Of one person in one process: all their tabs and devices. Our choice."""

MOST_HELLO: Final = 2_000
"""characters"""

BAD_HELLO, NO_TOKEN, OTHER_PAGE, TOO_LATE, OTHER_PERSON, TOO_MANY, TRY_LATER = 4400, 4401, 4403, 4408, 4409, 4429, 1013
"""Codes of closing; those of ours end as the HTTP statuses they are named after."""


class Ended(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Hello(BaseModel):
    """The first frame."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    type: Literal["hello"]
    token: Annotated[str, StringConstraints(max_length=MAX_TOKEN)]
    since: AwareDatetime | None = None
    """As the last answer or frame named it; what changed from then on is told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """In seconds."""

    hello: float = HELLO_SECONDS
    beat: float = BEAT_SECONDS
    send: float = SEND_SECONDS


PAUSES: Final = Pauses()


def live_routes(parts: Parts, door: InboxDoor, pauses: Pauses) -> APIRouter:
    router, lines = APIRouter(), OpenLines()

    @router.websocket("/v1/live")
    async def live(socket: WebSocket) -> None:
        origin = socket.headers.get("origin")
        if origin is not None and not await door.is_known(origin):
            # Before it is accepted: an answer 403.
            await socket.close()
            return
        await socket.accept()
        line = Line(parts=parts, door=door, lines=lines, socket=socket, pauses=pauses)
        try:
            await line.talk(origin)
        except Ended as end:
            await _close(socket, end)
        except StorageError:
            await _close(socket, Ended(TRY_LATER, "The inbox cannot be read now."))
        except WebSocketDisconnect:
            pass

    return router


class OpenLines:
    """How many each person has in this process."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    @contextlib.contextmanager
    def one_of(self, subscriber_id: str) -> Iterator[None]:
        """Raises Ended where that is one too many."""
        if self._open[subscriber_id] >= MOST_LINES:
            raise Ended(TOO_MANY, f"A person has at most {MOST_LINES} of these.")
        self._open[subscriber_id] += 1
        INBOX_LINES.inc()
        try:
            yield
        finally:
            INBOX_LINES.dec()
            self._open[subscriber_id] -= 1
            if not self._open[subscriber_id]:
                del self._open[subscriber_id]


@dataclass(kw_only=True)
class Line:
    """One open socket."""

    parts: Parts
    door: InboxDoor
    lines: OpenLines
    socket: WebSocket
    pauses: Pauses
    _told: dict[str, Item] = field(default_factory=dict)
    """As this line told them, so that the overlap of two questions is not told twice."""
    _counts: Counts | None = None

    async def talk(self, origin: str | None) -> None:
        """Until one side ends it. Raises Ended, WebSocketDisconnect, StorageError."""
        hello = await self._hello()
        try:
            token = await self.door.enter(hello.token, origin)
            owner = await self.parts.database.read(owner_of, token)
        except Refused as refused:
            raise Ended(NO_TOKEN if refused.status_code == 401 else OTHER_PAGE, str(refused.detail)) from None
        with self.lines.one_of(owner.subscriber_id), self.parts.news.listening(owner.subscriber_id) as news:
            await _first_of(self._listen(), self._tell(token, owner, hello.since, news))

    async def _hello(self) -> Hello:
        try:
            text = await asyncio.wait_for(self.socket.receive_text(), self.pauses.hello)
        except TimeoutError:
            raise Ended(TOO_LATE, "Nothing was said.") from None
        except KeyError:
            text = ""
        try:
            return Hello.model_validate_json(text[: MOST_HELLO + 1])
        except ValidationError:
            raise Ended(BAD_HELLO, 'Begin with {"type": "hello", "token": "…"}.') from None

    async def _listen(self) -> None:
        """A page says nothing more; that it goes is heard here."""
        await self.socket.receive_text()
        raise Ended(BAD_HELLO, "After hello, nothing more is to be said here.")

    async def _tell(self, token: InboxPass, owner: Owner, since: datetime | None, news: asyncio.Event) -> None:
        desk, has_rung, begins = InboxDesk(self.parts), True, True
        while True:
            news.clear()
            changes = await self.parts.database.read(_changes, token, owner, since)
            frame = self._frame(changes, begins=begins)
            if frame is not None or not has_rung:
                await self._send(frame or {"type": "beat", "since": shown(changes)["as_of"]})
            await desk.delivered(owner, changes.undelivered)
            since, begins = changes.as_of, False
            await asyncio.sleep(GATHER_SECONDS)
            has_rung = await self._rings(news, token.expires_at)

    def _frame(self, changes: Changes, *, begins: bool) -> dict[str, Any] | None:
        """What is to be told; None where all of it was."""
        new = [item for item in changes.items if self._told.get(item.id) != item]
        has_changed = bool(new) or changes.counts != self._counts
        self._told = {item.id: item for item in changes.items}
        self._counts = changes.counts
        if not (begins or has_changed):
            return None
        return {
            "type": "ready" if begins else "changed",
            "messages": [shown(item) for item in new],
            "is_complete": changes.is_complete,
            "counts": shown(changes.counts),
            "since": shown(changes)["as_of"],
        }

    async def _rings(self, news: asyncio.Event, expires_at: datetime) -> bool:
        """Whether there is news before it is time for a beat. Raises Ended when the token's time is over."""
        left = (expires_at - utc_now()).total_seconds()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(news.wait(), max(0.0, min(left, self.pauses.beat)))
        if utc_now() >= expires_at:
            raise Ended(NO_TOKEN, "The token's time is over; come back with a new one.")
        return news.is_set()

    async def _send(self, frame: dict[str, Any]) -> None:
        try:
            await asyncio.wait_for(self.socket.send_text(json.dumps(frame, ensure_ascii=False)), self.pauses.send)
        except TimeoutError:
            raise Ended(TRY_LATER, "You take too long; come back and ask from where you were.") from None


def _changes(connection: Connection, token: InboxPass, owner: Owner, since: datetime | None) -> Changes:
    try:
        is_theirs = owner_of(connection, token) == owner
    except Refused:
        raise Ended(NO_TOKEN, "The token was taken back; come back with a new one.") from None
    if not is_theirs:
        raise Ended(OTHER_PERSON, "Two people turned out to be one; come back.")
    return reading.changes(connection, owner, since)


async def _first_of(*works: Any) -> None:
    """Both at once, until one of them ends; the other ends with it."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        over = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    over[0].result()


async def _close(socket: WebSocket, end: Ended) -> None:
    """Who takes nothing does not take this either."""
    with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
        await asyncio.wait_for(socket.close(end.code, end.reason), CLOSE_SECONDS)
