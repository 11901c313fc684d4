"""A real server on the loopback that answers each request as a test tells it, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

LINE_END = b"\r\n"


@dataclass
class Asked:
    """One request as it came over the wire."""

    line: str
    headers: dict[str, str]
    body: bytes


Conduct = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""What to do once a request has been read whole."""


@dataclass
class Loopback:
    conduct: Conduct
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    conversations: list[asyncio.Task[Any] | None] = field(default_factory=list)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.conversations.append(asyncio.current_task())
        try:
            while (request := await _read(reader)) is not None:
                self.asked.append(request)
                self.was_asked.set()
                await self.conduct(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def loopback(conduct: Conduct) -> AsyncIterator[Loopback]:
    served = Loopback(conduct)
    server = await asyncio.start_server(served.converse, "127.0.0.1", 0)
    served.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield served
    finally:
        server.close()
        for conversation in filter(None, served.conversations):
            conversation.cancel()
        await asyncio.gather(*filter(None, served.conversations), return_exceptions=True)


def answer(status: str, body: bytes = b"", *headers: str) -> Conduct:
    async def conduct(writer: asyncio.StreamWriter) -> None:
        head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
        writer.write(LINE_END.join(line.encode() for line in head) + LINE_END * 2 + body)
        await writer.drain()

    return conduct


async def close(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def say_nothing(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def say_half(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.close()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(LINE_END * 2)).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    line, *rest = head.strip().split("\r\n")
    headers = {name.lower(): value for name, value in (header.split(": ", 1) for header in rest)}
    return Asked(line, headers, await reader.readexactly(int(headers.get("content-length", 0))))
