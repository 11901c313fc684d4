"""The process behind `fake_provider.exact_provider`: answers after a given time, keeps when each message came."""

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvloop

from benchmarks.children import Told
from benchmarks.wire import HttpAnswer, Listener

MESSAGE_ID: Final = re.compile(rb'"biz_opaque_callback_data": ?"([^"]+)"')
RECIPIENT: Final = re.compile(rb'"to": ?"([0-9]+)"')
ANSWER: Final = (
    '{{"messaging_product":"whatsapp","contacts":[{{"input":"{to}","wa_id":"{to}"}}],'
    '"messages":[{{"id":"wamid.HBgM{number:032x}"}}]}}'
)


class Provider:
    """Takes everything."""

    def __init__(self, answer_seconds: float) -> None:
        self._answer_seconds = answer_seconds
        self.arrivals: list[tuple[float, int, str]] = []

    def listener(self) -> "_Later":
        """For a new connection."""
        return _Later(self.take, self._answer_seconds)

    def take(self, body: bytes) -> HttpAnswer:
        """Note a message and make its answer."""
        to, message_id = (_found(pattern, body) for pattern in (RECIPIENT, MESSAGE_ID))
        self.arrivals.append((time.time(), len(body), message_id))
        return HttpAnswer(200, ANSWER.format(to=to, number=len(self.arrivals)).encode())


class _Later(Listener):
    """Answers after a while; the connection waits for it, as HTTP/1.1 does."""

    def __init__(self, take: Callable[[bytes], HttpAnswer], answer_seconds: float) -> None:
        super().__init__(lambda _path, _headers, body: take(body))
        self._answer_seconds = answer_seconds

    def send(self, answer: HttpAnswer) -> None:
        if self._answer_seconds:
            asyncio.get_running_loop().call_later(self._answer_seconds, super().send, answer)
        else:
            super().send(answer)


def _found(pattern: re.Pattern[bytes], body: bytes) -> str:
    match = pattern.search(body)
    return match[1].decode() if match else "-"


async def _serve() -> None:
    told = Told()
    provider = Provider(told.work["answer_seconds"])
    listening = await asyncio.get_running_loop().create_server(
        provider.listener, "127.0.0.1", told.work["port"], backlog=1024
    )
    await told.ready()  # until stdin is closed
    listening.close()
    _write(Path(told.work["file"]), provider.arrivals)


def _write(file: Path, arrivals: list[tuple[float, int, str]]) -> None:
    file.write_text("".join(f"{at:.6f} {size} {message_id}\n" for at, size, message_id in arrivals))


if __name__ == "__main__":
    uvloop.run(_serve())
