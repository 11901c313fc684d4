"""Webhooks acknowledged, beside pywa's own server: `python -m benchmarks.webhook`.

Signed webhooks as Meta writes them, one text message each, are posted to Relais's public port while no bot is
running, and to a server made with pywa (benchmarks/pywa_peer.py). Relais commits every message before its 200: to
SQLite (synchronous=FULL), and to PostgreSQL with the settings that one has. pywa keeps nothing.

    flood       as many at once as CONNECTIONS allow: acknowledged per second
    steady      RATE per second, whatever the answers take: p50 and p99 of the acknowledgement

Both sides get the same bodies, in every round; ratios are taken inside a round. Afterwards every message must be in
the inbox once: a run that lost or doubled one is thrown away, exit code 1. The sender shares two cores with both.
"""

import asyncio
import secrets
import signal
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import asyncpg
import click
import uvloop

from benchmarks.figures import Figures, p99
from benchmarks.machine import describe
from benchmarks.posting import Post, Receiver, flood, posts, steady
from benchmarks.receivers import Ours, Pywa
from benchmarks.sides import RunInvalid
from tests.databases import LOOPBACK_URL
from tests.stack import ROOT

FEWEST_ROUNDS = 3

type Measure[T] = Callable[[Receiver, Sequence[Post]], Coroutine[None, None, T]]


@dataclass(slots=True)
class Run:
    """The rounds, and what came of them."""

    ours: list[Ours]
    peer: Pywa
    count: int
    rate: int
    seconds: int
    figures: Figures

    def round(self, number: int) -> None:
        """Both loads on every side."""
        for load, measure in (("flood", self._flood), ("steady", self._steady)):
            everybody: list[Receiver] = [*self.ours, self.peer]
            measured = {side.name: measure(side, f"R{number}{load}") for side in everybody}
            for side in self.ours:
                self._add(load, side.name, measured[side.name], measured[self.peer.name])

    def _flood(self, side: Receiver, mark: str) -> list[float]:
        return [self._checked(side, posts(side.secret, mark, self.count), flood)]

    def _steady(self, side: Receiver, mark: str) -> list[float]:
        load = posts(side.secret, mark, self.rate * self.seconds)
        took = self._checked(side, load, lambda side, load: steady(side, load, self.rate))
        return [1e3 * median(took), 1e3 * p99(took)]

    def _checked[T](self, side: Receiver, load: Sequence[Post], measure: Measure[T]) -> T:
        _say(f"    {len(load)} to {side.name}")
        before = side.kept()
        found: T = uvloop.run(measure(side, load))
        if side.kept() - before != len(load):
            raise RunInvalid(f"{side.name} was sent {len(load)} messages and has {side.kept() - before}")
        return found

    def _add(self, load: str, side: str, ours: list[float], peer: list[float]) -> None:
        if load == "flood":
            self.figures.add(f"webhook, {side}, flood: rate", "posts/s", "more", ours=ours[0], peer=peer[0])
            return
        for percentile, mine, theirs in zip(("p50", "p99"), ours, peer, strict=True):
            name = f"webhook, {side}, {self.rate}/s: {percentile}"
            self.figures.add(name, "ms", "less", ours=mine, peer=theirs)


@click.command(help="Measure webhooks beside pywa.\n\nExample: python -m benchmarks.webhook --rate 300")
@click.option("--count", default=3000, show_default=True, type=click.IntRange(100, 50_000), help="In a flood.")
@click.option("--rate", default=200, show_default=True, type=click.IntRange(10, 2000), help="Per second, steady.")
@click.option("--seconds", default=10, show_default=True, type=click.IntRange(2, 60), help="Of steady.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(FEWEST_ROUNDS, 20))
@click.option("--postgres", default=LOOPBACK_URL, show_default=True, help="Where a database may be made and dropped.")
def main(count: int, rate: int, seconds: int, rounds: int, postgres: str) -> None:
    """Run, print, and end everything that was started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The run was ended from outside."))
    (ROOT / "var").mkdir(exist_ok=True)
    figures = Figures()
    try:
        # Not in /tmp: it may be memory, and then keeping things would cost nothing.
        with tempfile.TemporaryDirectory(prefix="benchmark-", dir=ROOT / "var") as name, ExitStack() as ending:
            about = describe(Path(name))
            sides = [Ours(Path(name, "sqlite"), None)]
            if address := ending.enter_context(_database(postgres)):
                sides.append(Ours(Path(name, "postgres"), address))
            peer = Pywa()
            starting: list[Ours | Pywa] = [*sides, peer]
            for side in starting:
                _say(f"starting {side.name}")
                ending.callback(side.stop)
                side.start()
            run = Run(ours=sides, peer=peer, count=count, rate=rate, seconds=seconds, figures=figures)
            for number in range(1, rounds + 1):
                _say(f"round {number} of {rounds}")
                run.round(number)
    except (RunInvalid, AssertionError) as problem:
        sys.exit(f"The run is thrown away: {problem}")
    print("\n".join(about), figures.table(), figures.json_lines(), sep="\n")


@contextmanager
def _database(server: str) -> Iterator[str | None]:
    """A new PostgreSQL database, dropped afterwards; None, said aloud, where there is no PostgreSQL."""
    name = f"relais_benchmark_{secrets.token_hex(6)}"
    try:
        asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        _say(f"no PostgreSQL at --postgres ({type(error).__name__}): only SQLite is measured")
        yield None
        return
    try:
        yield f"{server.rsplit('/', 1)[0]}/{name}"
    finally:
        asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server, timeout=10)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
