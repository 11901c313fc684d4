"""The smallest Graph API that our sends accept: takes every message, notes when it came, says yes."""

import asyncio
import itertools
import json
import secrets
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.wire import HttpAnswer, Listener

READ_TAKEN = HttpAnswer(200, b'{"success":true}')


@dataclass(frozen=True, slots=True)
class Received:
    """One message to one person."""

    at: float
    payload: Mapping[str, Any]


class GraphReceiver:
    """Listens on loopback, on a port that is taken before anything starts."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.received: Counter[str] = Counter()  # messages by recipient
        self.read_marks = 0
        self.refused = 0
        self._waiting: defaultdict[str, asyncio.Queue[Received]] = defaultdict(asyncio.Queue)
        self._numbers = itertools.count(1)

    async def start(self) -> None:
        """Answer from now on, until the event loop ends."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Listener(self._answer), sock=self._socket, backlog=512)

    async def next_for(self, wa_id: str) -> Received:
        """The oldest message to this person that nobody took yet."""
        return await self._waiting[wa_id].get()

    def unclaimed(self) -> int:
        """Messages that no question was waiting for."""
        return sum(queue.qsize() for queue in self._waiting.values())

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _answer(self, path: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        at = time.perf_counter()
        if headers.get("authorization") != f"Bearer {self.token}" or not path.endswith("/messages"):
            self.refused += 1
            return HttpAnswer(401, b'{"error":{"message":"Not for this receiver.","code":190}}')
        document = json.loads(body)
        if document.get("status") == "read":
            self.read_marks += 1
            return READ_TAKEN
        recipient = document["to"]
        self.received[recipient] += 1
        self._waiting[recipient].put_nowait(Received(at, document))
        accepted = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": recipient, "wa_id": recipient}],
            "messages": [{"id": f"wamid.OUT{next(self._numbers)}"}],
        }
        return HttpAnswer(200, json.dumps(accepted).encode())
