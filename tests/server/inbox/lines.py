"""Live lines of people's apps, over a real port of this process."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.waiting import DEADLINE_SECONDS


@dataclass
class LiveLine:
    """One open socket, and what it was told."""

    connection: ClientConnection

    async def say(self, **frame: Any) -> None:
        await self.connection.send(json.dumps(frame))

    async def frame(self, wanted: Callable[[dict[str, Any]], object] = lambda frame: True) -> dict[str, Any]:
        """The next frame that is as wanted; those before it are passed over."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while True:
                frame: dict[str, Any] = json.loads(await self.connection.recv())
                if wanted(frame):
                    return frame

    async def told_of(self, message_id: str, **state: bool) -> dict[str, Any]:
        """The frame that tells of a message, in this state: `read=True` where it was read."""

        def tells(frame: dict[str, Any]) -> bool:
            return any(
                each["id"] == message_id and all((each[f"{name}_at"] is not None) is so for name, so in state.items())
                for each in frame.get("messages", ())
            )

        return await self.frame(tells)

    async def end(self) -> tuple[int, str]:
        """The code and the reason with which the other side closes it."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while True:
                try:
                    await self.connection.recv()
                except ConnectionClosed as closed:
                    return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "the connection broke")


@contextlib.asynccontextmanager
async def line(
    address: str, token: str | None = None, origin: str | None = None, **hello: Any
) -> AsyncIterator[LiveLine]:
    """A line that has said hello, where it has a token."""
    async with connect(f"ws://{address}/inbox/v1/live", origin=origin, proxy=None) as connection:  # type: ignore[arg-type]
        opened = LiveLine(connection)
        if token is not None:
            await opened.say(type="hello", token=token, **hello)
        yield opened
