"""Our side: the whole road as its real processes, with the smallest WhatsApp behind it."""

import asyncio
import hashlib
import hmac
import itertools
import json
import sqlite3
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

from benchmarks.graph import GraphReceiver
from benchmarks.sides import Answered, Person, RunInvalid
from benchmarks.texts import GREETING, Expected
from benchmarks.wire import Caller, NoAnswer
from notifications.outbox import text_of
from tests.stack import KIMIA, Stack

PROCESSES = ("backend", "server", "actions", "bot")
ANSWER_SECONDS = 30.0
SETTLED_SECONDS = 15.0
POLL_SECONDS = 0.05


class OurRoad:
    """Signed webhook in, send to the Graph API out."""

    def __init__(self, folder: Path, receiver: GraphReceiver, expected: Expected) -> None:
        self._stack = Stack(
            folder, WHATSAPP_BASE_URL=f"http://127.0.0.1:{receiver.port}", WHATSAPP_TOKEN=receiver.token
        )
        self._database = folder / "relais.db"
        self._receiver = receiver
        self._expected = expected
        self._asked: Counter[str] = Counter()
        self._numbers = itertools.count(1)
        self._caller = Caller(self._stack.port["PUBLIC"], ANSWER_SECONDS)
        self._app_secret = self.setting("WHATSAPP_APP_SECRET").encode()

    @property
    def spare_port(self) -> int:
        """Kept for the emulator, which is not started here."""
        return self._stack.port["EMULATOR"]

    def setting(self, name: str) -> str:
        """What the processes were told."""
        return self._stack.environment[name]

    def start(self) -> dict[str, float]:
        """Start the processes one after the other; how many seconds each took to answer its first request."""
        took = {}
        for name in PROCESSES:
            began = time.perf_counter()
            self._stack.start(name)
            took[name] = time.perf_counter() - began
        return took

    def stop(self) -> None:
        """End what was started."""
        self._stack.stop()

    def processes(self) -> Mapping[str, psutil.Process]:
        return {name: psutil.Process(running.pid) for name, running in self._stack.running.items()}

    async def introduce(self, people: Sequence[Person]) -> None:
        for answered, person in zip(
            await asyncio.gather(*(self.ask(each, GREETING) for each in people)), people, strict=True
        ):
            self._expected.greeting(person, answered.text)

    async def ask(self, person: Person, text: str) -> Answered:
        """From the moment the webhook is posted to the moment its answer reaches WhatsApp."""
        self._asked[person.wa_id] += 1
        body = self._webhook(person, text)
        signature = "sha256=" + hmac.new(self._app_secret, body, hashlib.sha256).hexdigest()
        asked_at = time.perf_counter()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                kept = await self._caller.post("/webhooks/whatsapp", body, {"X-Hub-Signature-256": signature})
                if kept.status != 200:
                    raise RunInvalid(f"our webhook answered {kept.status}: {kept.body!r}")
                received = await self._receiver.next_for(person.wa_id)
        except (NoAnswer, TimeoutError):
            raise RunInvalid(f"ours: no answer to {text!r} within {ANSWER_SECONDS:g} s") from None
        return Answered(asked_at=asked_at, answered_at=received.at, text=text_of(received.payload))

    async def confirm(self) -> None:
        """Every message once in the inbox, answered once, settled; nothing more came than was asked for."""
        asked = self._asked.total()
        wanted: dict[str, Any] = {"inbox": asked, "turns": {"done": asked}, "messages": {"sent": asked}}
        ends = time.monotonic() + SETTLED_SECONDS
        while (kept := self._kept()) != wanted:
            if time.monotonic() > ends:
                raise RunInvalid(f"ours: {asked} messages were asked, and the database holds {kept}")
            await asyncio.sleep(POLL_SECONDS)
        if self._receiver.received != self._asked or self._receiver.unclaimed():
            raise RunInvalid("ours: somebody got more or fewer answers than they asked for")
        if self._receiver.refused:
            raise RunInvalid("ours: a request to WhatsApp did not carry our token")

    def sender_ids(self) -> dict[str, str]:
        """The opaque ids Rasa knows people by, by WhatsApp id: the peer's senders carry the same."""
        query = """SELECT addresses.value, conversations.id FROM conversations
                     JOIN addresses ON addresses.subscriber_id = conversations.subscriber_id
                    WHERE addresses.kind = 'whatsapp'"""
        return {wa_id: str(uuid.UUID(sender_id)) for wa_id, sender_id in self._rows(query)}

    def _kept(self) -> dict[str, Any]:
        return {
            "inbox": self._rows("SELECT count(*) FROM inbound_messages")[0][0],
            "turns": dict(self._rows("SELECT status, count(*) FROM turns GROUP BY status")),
            "messages": dict(self._rows("SELECT status, count(*) FROM messages GROUP BY status")),
        }

    def _rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def _webhook(self, person: Person, text: str) -> bytes:
        """As Meta writes it."""
        message = {
            "from": person.wa_id,
            "id": f"wamid.IN{next(self._numbers)}",
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": text},
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "242065000001", "phone_number_id": KIMIA},
            "contacts": [{"profile": {"name": person.name}, "wa_id": person.wa_id}],
            "messages": [message],
        }
        entry = {"id": "100", "changes": [{"value": value, "field": "messages"}]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
