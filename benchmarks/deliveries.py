"""One run of one contender: every message created, sent to the fake provider, stored as sent, and counted."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any, Final, Literal

from benchmarks.children import Child
from benchmarks.contenders import Contender, Ready, Row
from benchmarks.fake_provider import Arrival, FakeProvider, exact_provider, fast_provider
from benchmarks.sides import RunInvalid

TOKEN_LENGTH: Final = 184
"""Characters of an access token of Meta's, about."""

RUN_SECONDS: Final = 300.0
"""After which a run is given up."""

SETTLE_SECONDS: Final = 1.0
"""Between the start of the processes and the first message: nobody's start is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a contender is to do."""

    mode: Literal["single", "bulk", "paced", "burst"]
    count: int
    concurrency: int = 100
    answer_seconds: float | None = None
    """How long the provider takes, which then tells arrivals to the microsecond; None: as fast as it can."""
    fill_first: bool = False
    """The worker begins when everything is queued."""
    gap_ms: int = 0
    due_in: float = 0.0
    due_seconds: float = 0.0
    """Of a burst: in how many seconds the first message is due, and how long after it the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a run showed."""

    rate: float  # messages a second, from the first one taken up to the last status stored
    cpu: float  # seconds for a thousand messages, of every process but the provider
    worker_cpu: float  # of the worker alone
    size: float  # bytes of a POST
    lags: list[float] = field(repr=False)  # seconds from the moment a message was due or asked for to its POST


async def deliver(contender: Contender, job: Job, folder: Path) -> Sample:
    """Raises RunInvalid when a message was lost, doubled or left unsent."""
    async with AsyncExitStack() as ending:
        (place := folder / secrets.token_hex(4)).mkdir()
        if job.answer_seconds is None:
            provider = await ending.enter_async_context(fast_provider(place / "provider"))
        else:
            provider = await ending.enter_async_context(exact_provider(place / "provider", job.answer_seconds))
        async with contender.ready(place, job.count) as ready:
            run = _Run(ready, job, provider, place)
            await run.work()
            await ending.aclose()  # the provider writes down what it got
            rows = await ready.rows()
            confirm(contender.name, job.count, rows, provider.arrivals)
            return run.sample(rows)


class _Run:
    def __init__(self, ready: Ready, job: Job, provider: FakeProvider, folder: Path) -> None:
        self._ready, self._job, self._provider, self._folder = ready, job, provider, folder
        self._produced: dict[str, Any] = {}
        self._worked: dict[str, Any] = {}
        self._databases_cpu = 0.0
        self._due_from = 0.0

    async def work(self) -> None:
        """Start the processes, let them work, and end them."""
        commands, job = self._ready.commands, asdict(self._job)
        self._due_from = time.time() + self._job.due_in
        job |= {"due_from": self._due_from, "token": secrets.token_urlsafe(TOKEN_LENGTH)[:TOKEN_LENGTH]}
        work = {**job, **commands.work, "url": self._provider.url, "folder": str(self._folder.resolve())}
        children = []
        try:
            if commands.worker is not None:
                children.append(await Child.start("worker", commands.worker, work, self._folder))
            children.append(await Child.start("producer", commands.producer, work, self._folder))
            await asyncio.sleep(SETTLE_SECONDS)
            await self._ready.start_counting()
            await self._words(children)
            self._databases_cpu = await self._ready.cpu_seconds()
        finally:
            for child in children:
                await child.end()

    async def _words(self, children: list[Child]) -> None:
        producer, workers = children[-1], children[:-1]
        if not workers:
            producer.begin()
            self._worked = self._produced = await producer.report(RUN_SECONDS)
            self._check_produced()
            return
        (worker,) = workers
        if not self._job.fill_first:
            worker.begin()
        producer.begin()
        self._produced = await producer.report(RUN_SECONDS)
        self._check_produced()
        if self._job.fill_first:
            await self._ready.start_counting()
            worker.begin()
        self._worked = await worker.report(RUN_SECONDS)

    def _check_produced(self) -> None:
        """Raises RunInvalid where creating was so slow that its time counts as lag."""
        late = self._produced["ended"] - self._due_from
        if self._job.mode == "burst" and late > 0:
            raise RunInvalid(f"the last message of the burst was created {late:.1f} s after the first was due")

    def sample(self, rows: list[Row]) -> Sample:
        count = self._job.count
        worker = self._worked["cpu"]
        creating = 0.0 if self._job.fill_first or self._produced is self._worked else self._produced["cpu"]
        arrivals = self._provider.arrivals
        asked: Mapping[str, float] = self._produced.get("called") or {row.message_id: row.due_at for row in rows}
        return Sample(
            rate=count / (self._worked["last"] - self._worked["first"]),
            cpu=1e3 * (worker + creating + self._databases_cpu) / count,
            worker_cpu=1e3 * worker / count,
            size=mean(arrival.size for arrival in arrivals),
            lags=[arrival.at - asked[arrival.message_id] for arrival in arrivals],
        )


def confirm(name: str, count: int, rows: list[Row], arrivals: list[Arrival]) -> None:
    """Each message stored once, sent once and posted once. Raises RunInvalid."""
    posted = Counter(arrival.message_id for arrival in arrivals)
    statuses = Counter(row.status for row in rows)
    if len(rows) != count or statuses["sent"] != count:
        raise RunInvalid(f"{name}: of {count} messages {len(rows)} are stored, as {dict(statuses)}")
    if posted.total() != count or posted.keys() != {row.message_id for row in rows}:
        raise RunInvalid(f"{name}: {count} messages made {posted.total()} POSTs of {len(posted)} different ones")
