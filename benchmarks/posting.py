"""Signed webhooks as Meta writes them, posted as fast as they are taken, or at a steady rate."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.sides import RunInvalid
from benchmarks.wire import Caller, NoAnswer
from tests.stack import KIMIA

CONNECTIONS = 32
PEOPLE = 500
ANSWER_SECONDS = 20.0
PATH = "/webhooks/whatsapp"


@dataclass(frozen=True, slots=True)
class Post:
    """One signed webhook."""

    body: bytes
    signature: str


class Receiver(Protocol):
    """A server that takes webhooks."""

    name: str
    port: int
    secret: str

    def kept(self) -> int:
        """How many messages it has."""
        ...


def posts(secret: str, mark: str, count: int) -> list[Post]:
    """Messages of PEOPLE people in turn; `mark` makes their ids new."""
    made = []
    for number in range(count):
        wa_id = f"2420600{number % PEOPLE:05}"
        message = {
            "from": wa_id,
            "from_user_id": f"CG.{wa_id}",
            "id": f"wamid.{mark}{number}",
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": "Où est ma commande COUR-20250127-061 ?"},
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "242065000001", "phone_number_id": KIMIA},
            "contacts": [{"profile": {"name": "Grâce"}, "wa_id": wa_id, "user_id": f"CG.{wa_id}"}],
            "messages": [message],
        }
        entry = {"id": "200000000000001", "changes": [{"value": value, "field": "messages"}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        made.append(Post(body, "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()))
    return made


async def flood(side: Receiver, load: Sequence[Post]) -> float:
    """Acknowledged per second with CONNECTIONS at once."""
    caller, waiting = Caller(side.port, ANSWER_SECONDS), iter(load)
    began = time.perf_counter()

    async def sender() -> None:
        for each in waiting:
            await _post(side, caller, each)

    await asyncio.gather(*(sender() for _ in range(CONNECTIONS)))
    took = time.perf_counter() - began
    caller.close()
    return len(load) / took


async def steady(side: Receiver, load: Sequence[Post], rate: int) -> list[float]:
    """How long each acknowledgement took, from the moment it was due, in seconds."""
    caller, took = Caller(side.port, ANSWER_SECONDS), list[float]()
    began = time.perf_counter()

    async def send(each: Post, due: float) -> None:
        await _post(side, caller, each)
        took.append(time.perf_counter() - due)

    async with asyncio.TaskGroup() as group:
        for number, each in enumerate(load):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(send(each, due))
    caller.close()
    return took


async def _post(side: Receiver, caller: Caller, each: Post) -> None:
    try:
        answer = await caller.post(PATH, each.body, {"X-Hub-Signature-256": each.signature})
    except NoAnswer:
        raise RunInvalid(f"{side.name} left a webhook without an answer for {ANSWER_SECONDS:g} s") from None
    if answer.status != 200:
        raise RunInvalid(f"{side.name} answered {answer.status}: {answer.body[:200]!r}")
