"""HTTP with as little Python as possible, so that the load generator takes little of what it measures with."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import httptools

IDLE_SECONDS = 2.0
"""An idle connection is not used again later than this: servers close theirs after 5 s (uvicorn) or more."""


class NoAnswer(Exception):
    """The other side closed the connection, or took too long."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back."""

    status: int
    body: bytes


class Caller:
    """Posts JSON to one server; keeps connections, one request on each at a time."""

    def __init__(self, port: int, timeout_seconds: float) -> None:
        self._port = port
        self._timeout_seconds = timeout_seconds
        self._idle: list[tuple[float, _Call]] = []

    async def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        """Raises NoAnswer."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n{lines}\r\n"
        )
        call = await self._connection()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await call.send(head.encode() + body)
        except (TimeoutError, ConnectionError):
            call.close()
            raise NoAnswer(f"no answer to POST {path}") from None
        self._idle.append((asyncio.get_running_loop().time(), call))
        return answer

    def close(self) -> None:
        """Let go of every idle connection."""
        for _, call in self._idle:
            call.close()
        self._idle.clear()

    async def _connection(self) -> "_Call":
        loop = asyncio.get_running_loop()
        while self._idle:
            since, call = self._idle.pop()
            if call.is_open and loop.time() - since < IDLE_SECONDS:
                return call
            call.close()
        _, made = await loop.create_connection(_Call, "127.0.0.1", self._port)
        return made


class _Call(asyncio.Protocol):
    """The client's end of a connection."""

    def __init__(self) -> None:
        self.is_open = False
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass of it
        self.is_open = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if hasattr(self, "_answer") and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("closed before the answer"))

    async def send(self, request: bytes) -> HttpAnswer:
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[HttpAnswer] = asyncio.get_running_loop().create_future()
        self._body.clear()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if not self._answer.done():
            self._answer.set_result(HttpAnswer(self._parser.get_status_code(), b"".join(self._body)))


class Listener(asyncio.Protocol):
    """The server's end of a connection: hands each POST to `answer(path, headers, body)`, sends what it returns."""

    def __init__(self, answer: Callable[[str, Mapping[str, str], bytes], HttpAnswer]) -> None:
        self._answer_to = answer
        self._parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass of it

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._path = ""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    def on_url(self, url: bytes) -> None:
        self._path += url.decode()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self.send(self._answer_to(self._path, self._headers, b"".join(self._body)))

    def send(self, answer: HttpAnswer) -> None:
        """Write an answer; one that comes later than its request overrides this."""
        head = f"HTTP/1.1 {answer.status} X\r\nContent-Type: application/json\r\nContent-Length: {len(answer.body)}"
        self._transport.write(f"{head}\r\n\r\n".encode() + answer.body)
