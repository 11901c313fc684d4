"""Notifications from "create" to "status stored", beside BullMQ 5.59 on Node: `python -m benchmarks.notifications`.

    single, bulk   as many messages as --count, created one by one (50 at once) or 500 at a time, and sent meanwhile:
                   messages/s, and CPU of every process but the provider for a thousand
    sustained      everything is queued, the provider takes 200 ms, 400 at once: messages/s, CPU of the worker
    idle           one message every 10 ms: from the call that creates it to its POST
    burst          messages that become due in the course of a minute: from that moment to the POST
    receipts       signed webhooks with delivery receipts, each delivered 46 times: receipts/s (no peer has them)

BullMQ does what its users do: a row in PostgreSQL, a job in Redis (persistence off), an UPDATE for each job; beside it
stands a variant that batches its UPDATEs by hand. Everybody sends to the same provider on loopback. After each run
every message must be stored once, sent once and POSTed once, else the run is thrown away, exit code 1. Every round
takes each load on everybody in turn, and ratios are taken inside a round.
"""

import asyncio
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

import click
import uvloop

from benchmarks.contenders import BullMq, Contender, RelaisOnPostgres, RelaisOnSqlite, install_bullmq
from benchmarks.deliveries import Job, Sample, deliver
from benchmarks.figures import Better, Figures, p99
from benchmarks.machine import describe
from benchmarks.receipts import receipts_per_second
from benchmarks.services import own_redis, postgres_settings
from benchmarks.sides import RunInvalid
from tests.databases import LOOPBACK_URL
from tests.stack import ROOT

LOADS: Final = ("single", "bulk", "sustained", "idle", "burst", "receipts")
SUSTAINED_SECONDS: Final = 0.2
SUSTAINED_CONCURRENCY: Final = 400
IDLE_GAP_MS: Final = 10
BURST_SECONDS: Final = 60.0
FILLED_PER_SECOND: Final = 1500
"""How fast a burst can surely be created; it becomes due only then."""


@dataclass(slots=True, kw_only=True)
class Run:
    """The rounds, and what came of them."""

    ours: Sequence[Contender]
    peers: Sequence[Contender]
    """The first is the one to beat; empty without a peer."""
    folder: Path
    figures: Figures = field(default_factory=Figures)

    async def throughput(self, mode: str, count: int) -> None:
        """Rate and CPU while creating and sending go on together."""
        job = Job(mode="single" if mode == "single" else "bulk", count=count)
        samples = await self._everybody(mode, job, self.peers)
        self._compare(samples, f"{mode}: rate", "messages/s", lambda sample: sample.rate)
        self._compare(samples, f"{mode}: CPU", "s/1000", lambda sample: sample.cpu)

    async def sustained(self, count: int) -> None:
        """A provider as slow as a real one."""
        job = Job(
            mode="bulk",
            count=count,
            concurrency=SUSTAINED_CONCURRENCY,
            answer_seconds=SUSTAINED_SECONDS,
            fill_first=True,
        )
        samples = await self._everybody("sustained", job, self.peers)
        self._compare(samples, "200 ms answers: rate", "messages/s", lambda sample: sample.rate)
        self._compare(samples, "200 ms answers: worker CPU", "s/1000", lambda sample: sample.worker_cpu)

    async def idle(self, count: int) -> None:
        """Nothing else to do."""
        job = Job(mode="paced", count=count, gap_ms=IDLE_GAP_MS, answer_seconds=0.0)
        samples = await self._everybody("idle", job, self.peers[:1])
        self._lags(samples, "idle, create to POST:")

    async def burst(self, count: int) -> None:
        """Many due in one minute."""
        due_in = 10 + count / FILLED_PER_SECOND
        job = Job(mode="burst", count=count, answer_seconds=0.0, due_in=due_in, due_seconds=BURST_SECONDS)
        self._lags(await self._everybody("burst", job, self.peers[:1]), f"{count} due in a minute, lag:")

    async def receipts(self, count: int, postgres: str) -> None:
        """Ours alone: who has no receipts has no peer."""
        for side in self.ours:
            rate = await receipts_per_second(self.folder, None if side.name == "SQLite" else postgres, count)
            _say(f"  receipts: {side.name}: {rate:.0f}/s")
            self._add(f"{side.name}, receipts delivered 46 times", "receipts/s", rate, None)

    def _compare(self, samples: dict[str, Sample], name: str, unit: str, figure: Callable[[Sample], float]) -> None:
        for side in self.ours:
            mine = figure(samples[side.name])
            if not self.peers:
                self._add(f"{side.name}, {name}", unit, mine, None)
            for peer in (each for each in self.peers if each.name in samples):
                beside = "" if peer is self.peers[0] else f" beside {peer.name}"
                self._add(f"{side.name}, {name}{beside}", unit, mine, figure(samples[peer.name]))

    async def _everybody(self, load: str, job: Job, peers: Sequence[Contender]) -> dict[str, Sample]:
        samples = {}
        for contender in (*peers, *self.ours):
            sample = samples[contender.name] = await deliver(contender, job, self.folder)
            _say(
                f"  {load}: {contender.name}: {sample.rate:.0f}/s, CPU {sample.cpu:.3g} s/1000 "
                f"(worker {sample.worker_cpu:.3g}), lag p50 {1e3 * median(sample.lags):.1f} ms, "
                f"p99 {1e3 * p99(sample.lags):.1f} ms, {sample.size:.0f} bytes a POST"
            )
        return samples

    def _lags(self, samples: dict[str, Sample], name: str) -> None:
        self._compare(samples, f"{name} p50", "ms", lambda sample: 1e3 * median(sample.lags))
        self._compare(samples, f"{name} p99", "ms", lambda sample: 1e3 * p99(sample.lags))

    def _add(self, name: str, unit: str, ours: float, peer: float | None) -> None:
        better: Better = "more" if unit.endswith("/s") else "less"
        self.figures.add(f"notifications, {name}", unit, better, ours=ours, peer=peer)


@click.command(help="Measure notifications beside BullMQ.\n\nExample: python -m benchmarks.notifications --only single")
@click.option("--count", default=6000, show_default=True, type=click.IntRange(100, 90_000), help="Single and bulk.")
@click.option("--sustained", default=8000, show_default=True, type=click.IntRange(100, 90_000), help="Messages.")
@click.option("--idle", default=200, show_default=True, type=click.IntRange(20, 5000), help="Messages.")
@click.option(
    "--burst", default=60_000, show_default=True, type=click.IntRange(100, 90_000), help="Messages; one round."
)
@click.option("--receipts", default=200, show_default=True, type=click.IntRange(20, 20_000), help="Each sent 46 times.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 20))
@click.option("--only", multiple=True, type=click.Choice(LOADS), help="Leave out the other loads; may be repeated.")
@click.option("--side", "sides", multiple=True, type=click.Choice(("SQLite", "PostgreSQL")), help="Of ours, only this.")
@click.option("--without-peer", is_flag=True, help="Ours alone: needs neither Node nor Redis, and prints no ratio.")
@click.option("--postgres", default=LOOPBACK_URL, show_default=True, help="Where databases may be made and dropped.")
def main(
    count: int,
    sustained: int,
    idle: int,
    burst: int,
    receipts: int,
    rounds: int,
    only: tuple[str, ...],
    sides: tuple[str, ...],
    without_peer: bool,
    postgres: str,
) -> None:
    """Run, print, and end everything that was started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The run was ended from outside."))
    (ROOT / "var").mkdir(exist_ok=True)
    counts = dict(zip(LOADS, (count, count, sustained, idle, burst, receipts), strict=True))
    loads = {load: counts[load] for load in LOADS if not only or load in only}
    try:
        # Not in /tmp: it may be memory, and then keeping things would cost nothing.
        with tempfile.TemporaryDirectory(prefix="benchmark-", dir=ROOT / "var") as name, ExitStack() as ending:
            folder = Path(name)
            about = [*describe(folder), asyncio.run(postgres_settings(postgres))]
            every = (RelaisOnSqlite("SQLite"), RelaisOnPostgres("PostgreSQL", postgres))
            ours = [side for side in every if not sides or side.name in sides]
            peers: list[Contender] = []
            if not without_peer:
                _say("installing BullMQ, unless it is there")
                asyncio.run(install_bullmq())
                redis = ending.enter_context(own_redis(folder))
                peers = [BullMq("BullMQ", postgres, redis), BullMq("batched BullMQ", postgres, redis, is_batched=True)]
            run = Run(ours=ours, peers=peers, folder=folder)
            uvloop.run(_rounds(run, loads, rounds, postgres))
    except (RunInvalid, AssertionError) as problem:
        sys.exit(f"The run is thrown away: {problem}")
    print("\n".join(about), run.figures.table(), run.figures.json_lines(), sep="\n")


async def _rounds(run: Run, loads: dict[str, int], rounds: int, postgres: str) -> None:
    for number in range(1, rounds + 1):
        _say(f"round {number} of {rounds}")
        for load, count in loads.items():
            match load:
                case "single" | "bulk":
                    await run.throughput(load, count)
                case "sustained":
                    await run.sustained(count)
                case "idle":
                    await run.idle(count)
                case "burst" if number == 1:
                    await run.burst(count)
                case "receipts":
                    await run.receipts(count, postgres)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
