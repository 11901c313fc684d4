"""Our side of benchmarks/notifications.py: people to write to, who triggers messages for them, and who sends them.

    python -m benchmarks.relais_side prepare|producer|worker|both '{"database": …}'

`both` is one process that creates and sends, as `relais serve` is on SQLite; the others are as `relais web` and
`relais worker` on PostgreSQL. The parts are the server's own, wired by `server.parts`; only the rates are off, which
would hold the numbers of a benchmark to what Meta allows.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import uvloop
from pydantic import SecretStr

from benchmarks.children import Told
from benchmarks.relais_people import conversations_in_order, prepare, wa_id
from notifications.tables import IS_UNSETTLED, messages
from notifications.triggering import Recipient, Trigger
from server import logs
from server.heap import spare_what_is_loaded
from server.parts import Parts, build
from server.settings import ROOT, Settings
from storage.database import database_url, open_database
from storage.types import UtcDateTime

LOOPS: Final = 50
"""Creates in flight, one by one; the peer has as many."""

CHUNK: Final = 500
"""Messages of a bulk create; the peer's are as large."""

POLL_SECONDS: Final = 0.05
"""Between two looks at whether the last statuses are stored: so much later, at most, a run of ours ends. Looking every
5 ms took a sixth of the worker's time on PostgreSQL."""

WORKFLOWS: Final = ROOT / "benchmarks/workflows"


class Producer:
    """Triggers one workflow for everybody, through the desk that the API has, too."""

    def __init__(self, parts: Parts, work: dict[str, Any]) -> None:
        self._desk = parts.triggers
        self._database = parts.database
        self._work = work
        self._business_id = ""

    async def open(self) -> None:
        """Learn who writes."""
        (self._business_id, _), *_ = await self._database.read(conversations_in_order)

    async def produce(self) -> dict[str, Any]:
        """Create all messages of the job; when that was done, and what the mode has to report."""
        modes = {"single": self._single, "bulk": self._bulk, "burst": self._burst, "paced": self._paced}
        more = await modes[self._work["mode"]]()
        return {"ended": time.time(), **more}

    async def _single(self) -> dict[str, Any]:
        numbers = iter(range(self._work["count"]))

        async def loop() -> None:
            for number in numbers:
                await self._desk.notify(self._trigger(number))

        await asyncio.gather(*(loop() for _ in range(LOOPS)))
        return {}

    async def _bulk(self) -> dict[str, Any]:
        for chunk in self._chunks():
            await self._desk.notify_many([self._trigger(number) for number in chunk])
        return {}

    async def _burst(self) -> dict[str, Any]:
        between = self._work["due_seconds"] / self._work["count"]
        for chunk in self._chunks():
            due = {number: self._work["due_from"] + number * between for number in chunk}
            await self._desk.notify_many([self._trigger(number, due[number]) for number in chunk])
        return {}

    async def _paced(self) -> dict[str, Any]:
        called: dict[str, float] = {}
        for number in range(self._work["count"]):
            at = time.time()
            triggered = await self._desk.notify(self._trigger(number))
            called |= dict.fromkeys(triggered.message_ids, at)
            await asyncio.sleep(self._work["gap_ms"] / 1e3)
        return {"called": called}

    def _chunks(self) -> list[range]:
        count = self._work["count"]
        return [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]

    def _trigger(self, number: int, due_at: float | None = None) -> Trigger:
        payload: dict[str, Any] = {"code": f"COUR-20250127-{number:05}", "place": "Poto-Poto"}
        if due_at is not None:
            payload["due_at"] = datetime.fromtimestamp(due_at, UTC).isoformat()
        return Trigger(
            business_id=self._business_id,
            workflow="on-its-way" if due_at is None else "on-its-way-later",
            to=Recipient(phone=f"+{wa_id(number)}"),
            payload=payload,
        )


class Worker:
    """Sends what is queued, until `count` statuses are stored."""

    def __init__(self, parts: Parts, count: int) -> None:
        self._parts = parts
        self._count = count

    async def work(self) -> dict[str, Any]:
        """Raises nothing; the harness ends a worker that is never done."""
        cpu = time.process_time()
        runners = (self._parts.delivery, self._parts.plans)
        running = [asyncio.create_task(runner.run()) for runner in runners]
        while True:
            if await self._parts.database.read(_has_sent, self._count):
                break
            await asyncio.sleep(POLL_SECONDS)
        report = {"last": time.time(), "cpu": time.process_time() - cpu}
        for runner in runners:
            runner.stop()
        await asyncio.gather(*running)
        first = await self._parts.database.read(_first_claimed)
        return {**report, "first": first.timestamp()}


async def _produce(told: Told, parts: Parts) -> None:
    producer = Producer(parts, told.work)
    await producer.open()
    await told.ready()
    cpu = time.process_time()
    produced = await producer.produce()
    told.report({**produced, "cpu": time.process_time() - cpu})
    await told.word()


async def _work(told: Told, parts: Parts) -> None:
    await parts.database.read(_has_sent, 1)
    await told.ready()
    told.report(await Worker(parts, told.work["count"]).work())
    await told.word()


async def _both(told: Told, parts: Parts) -> None:
    producer, worker = Producer(parts, told.work), Worker(parts, told.work["count"])
    await producer.open()
    await told.ready()
    if told.work["fill_first"]:
        produced = await producer.produce()
        report = await worker.work()
    else:
        working = asyncio.create_task(worker.work())
        produced, report = await producer.produce(), await working
    # Nobody can tell the creating from the sending in one process: all of it counts.
    told.report({**produced, **report})
    await told.word()


def _parts(work: dict[str, Any]) -> Parts:
    base, version, _ = work["url"].removeprefix("http://").split("/", 2)
    nobody = "nobody asks for it here"
    return build(
        Settings(
            _env_file=None,
            relais_secret=SecretStr(nobody),
            database_url=SecretStr(work["database"]),
            var_dir=Path(work["folder"]),
            whatsapp_base_url=f"http://{base}",
            whatsapp_api_version=version,
            whatsapp_token=SecretStr(work["token"]),
            whatsapp_app_secret=SecretStr(nobody),
            whatsapp_verify_token=SecretStr(nobody),
            whatsapp_rates="off",
            workflows_dir=WORKFLOWS,
            send_concurrency=work["concurrency"],
        )
    )


async def _run(part: str) -> None:
    told = Told()
    logs.configure("WARNING", "json")
    if part == "prepare":
        database = open_database(database_url(told.work["database"], ROOT / "var/unused.db"))
        await prepare(database, told.work["people"])
        await database.close()
        return
    parts = _parts(told.work)
    spare_what_is_loaded()  # as `server.serve` does
    try:
        await {"producer": _produce, "worker": _work, "both": _both}[part](told, parts)
    finally:
        await parts.close()


def _has_sent(connection: sa.Connection, count: int) -> bool:
    """Looks at everything only when nothing is under way: counting costs as much as sending."""
    if connection.scalar(sa.select(sa.exists().select_from(messages).where(IS_UNSETTLED))):
        return False
    return (connection.scalar(sa.select(sa.func.count()).where(messages.c.status == "sent")) or 0) >= count


def _first_claimed(connection: sa.Connection) -> datetime:
    first: datetime | None = connection.scalar(sa.select(sa.func.min(messages.c.claimed_at, type_=UtcDateTime())))
    assert first is not None
    return first


if __name__ == "__main__":
    uvloop.run(_run(sys.argv[1]))
