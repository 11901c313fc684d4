"""Turns through the whole road, beside a stock Rasa 3.6.21: `python -m benchmarks.turns`.

Ours: a signed webhook is posted to the server's public port; the time ends when the answer reaches a small Graph
API (benchmarks/graph.py). In between lie the inbox on SQLite (synchronous=FULL), the worker, the bot, the action
server, the demo backend and the outbox.
Stock: the same texts to `POST /webhooks/rest/webhook` of `rasa run` (benchmarks/stock.py), with the same trained
model, the same action server process and the same demo backend; the time ends with the HTTP answer. Stock keeps
nothing on disk and sends nothing, so the comparison favours it.

Two turns: a text that runs a custom action ("Où est ma commande COUR-… ?", answered with that delivery's timeline)
and one that only utters ("Bonjour"). The people are planted in the demo backend, each with a copy of the delivery
COUR-20250127-061, and are new for every load, so that nobody's session is longer on one side.

Every load runs on ours and then on stock, in every round; ratios are taken inside a round. Every answer is
checked. A run in which one was lost, doubled or wrong is thrown away: exit code 1.
"""

import asyncio
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import uvloop

from benchmarks.figures import Figures
from benchmarks.graph import GraphReceiver
from benchmarks.machine import describe, resident_mebibytes
from benchmarks.ours import OurRoad
from benchmarks.people import MOST_PEOPLE, plant_people
from benchmarks.rounds import PEOPLE, SENDERS, Rounds
from benchmarks.sides import Person, RunInvalid
from benchmarks.stock import StockRasa
from benchmarks.texts import Expected
from tests.stack import ROOT

MODEL = ROOT / "models/current.tar.gz"
LONGEST_RUN_SECONDS = 1800.0
FEWEST_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Both sides, ready, and what each process took to get there."""

    ours: OurRoad
    stock: StockRasa
    receiver: GraphReceiver
    expected: Expected
    people: list[Person]
    ready_seconds: dict[str, float]


@click.command(help="Measure turns through the whole road beside a stock Rasa.\n\nExample: python -m benchmarks.turns")
@click.option("--messages", default=400, show_default=True, type=click.IntRange(SENDERS, 4000), help="With 20 senders.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(FEWEST_ROUNDS, MOST_PEOPLE // PEOPLE))
def main(messages: int, rounds: int) -> None:
    """Run, print, and end everything that was started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The run was ended from outside."))
    (ROOT / "var").mkdir(exist_ok=True)
    try:
        # Not in /tmp: it may be memory, and then keeping things would cost nothing.
        with tempfile.TemporaryDirectory(prefix="benchmark-", dir=ROOT / "var") as name:
            folder = Path(name)
            about = describe(folder)
            with running(folder, rounds * PEOPLE) as both:
                figures = Figures()
                uvloop.run(_measure(both, figures, rounds, messages // SENDERS))
                memory = _add_processes(figures, both)
    except (RunInvalid, AssertionError) as problem:
        sys.exit(f"The run is thrown away: {problem}")
    print("\n".join(about), memory, figures.table(), figures.json_lines(), sep="\n")


@contextmanager
def running(folder: Path, people: int) -> Iterator[Running]:
    """Both sides started, one process after the other, and ended afterwards."""
    with ExitStack() as ending:
        planted = plant_people(folder / "backend.db", people)
        receiver, expected = GraphReceiver(), Expected()
        ours = OurRoad(folder, receiver, expected)
        ending.callback(ours.stop)
        # A copy: somebody may train a newer model while we measure.
        model = Path(shutil.copy(MODEL, folder / "model.tar.gz"))
        _say("starting ours: backend, server, actions, bot")
        ready = ours.start()
        if MODEL.read_bytes() != model.read_bytes():
            raise RunInvalid("the model was trained anew while the bot started; run again")
        stock = StockRasa(folder / "stock", ours=ours, model=model)
        ending.callback(stock.stop)
        _say("starting stock: rasa run")
        ready["rasa"] = stock.start()
        yield Running(ours=ours, stock=stock, receiver=receiver, expected=expected, people=planted, ready_seconds=ready)


async def _measure(both: Running, figures: Figures, rounds: int, each: int) -> None:
    await both.receiver.start()
    strangers = iter(both.people)
    plan = Rounds(ours=both.ours, stock=both.stock, expected=both.expected, figures=figures, each=each)
    try:
        async with asyncio.timeout(LONGEST_RUN_SECONDS):
            for number in range(1, rounds + 1):
                _say(f"round {number} of {rounds}")
                await plan.run(strangers)
    except TimeoutError:
        raise RunInvalid(f"not done within {LONGEST_RUN_SECONDS:g} s") from None
    finally:
        both.receiver.close()


def _add_processes(figures: Figures, both: Running) -> str:
    """Start and memory of the two that do the same work as figures, of every process as a table."""
    everyone = {**both.ours.processes(), **both.stock.processes()}
    memory = {name: resident_mebibytes(process) for name, process in everyone.items()}
    ready = both.ready_seconds
    figures.add("bot: start until ready", "s", "less", ours=ready["bot"], peer=ready["rasa"])
    figures.add("bot: memory after the run", "MiB", "less", ours=memory["bot"], peer=memory["rasa"])
    names = {"rasa": "stock rasa"}
    lines = [f"{'process':<14} {'ready after':>12} {'memory after the run':>22}"]
    for name, seconds in ready.items():
        lines.append(f"{names.get(name, name):<14} {seconds:>10.1f} s {memory[name]:>18.0f} MiB")
    return "\n".join(lines)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
