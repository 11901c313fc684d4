"""Ours beside stock Rasa, on the same examples and the same lines, in one run: `make nlu`.

Each side is trained by `rasa train nlu` in a process of its own, then understands every line in another one, alone.
Its figures are told as soon as they are there; a side that fails is left out, and the command then fails in the end.
The lines are the project's test set (tests/nlu/*.jsonl), written by a hand that did not see the examples. Progress
goes to stderr; stdout ends with one line of JSON per figure.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from relais_bot import quiet
from relais_bot.nlu import peers, tables
from relais_bot.nlu.graph import Understood
from relais_bot.nlu.lines import Line, read_lines
from relais_bot.nlu.scores import Scored
from relais_bot.nlu.tables import Measured
from relais_bot.rasa_version import require_supported_rasa
from relais_bot.refusals import Refused

TEST_SET = "tests/nlu/*.jsonl"
#: Ours, Rasa's light classifier, and DIET, which takes nearly all of the time.
SIDES = ("ours", "lr", "diet")


def main() -> None:
    options = _options()
    quiet.prepare_environment(os.environ, str(Path("var/home")))
    try:
        require_supported_rasa()
        measured = compare(options)
    except Refused as error:
        sys.exit(str(error))
    for line in (*tables.overview(measured), *tables.details(measured), *tables.json_lines(measured)):
        sys.stdout.write(f"{line}\n")
    if len(measured) < len(options.sides):
        sys.exit("Not every side could be measured; what is above stands.")


def compare(options: argparse.Namespace) -> "list[Measured]":
    """Every side that could be trained and measured. Raises `Refused` when none could."""
    files = options.files or sorted(Path().glob(TEST_SET))
    if not files:
        raise Refused(f"There are no lines to measure with: {TEST_SET} matches no file.")
    lines = [line for file in files for line in read_lines(file, _intents(options.domain))]
    known = [peers.ours(options.config), peers.logistic_regression(), peers.rasa_init(options.epochs)]
    with tempfile.TemporaryDirectory(prefix="relais-compare-") as name:
        folder = Path(name)
        together = folder / "lines.jsonl"
        together.write_text("".join(f"{_written(line)}\n" for line in lines), encoding="utf-8")
        return each_measured(
            [side for side in known if side.key in options.sides],
            lambda side: _measure(side, lines, together, options),
        )


def each_measured(sides: "Sequence[peers.Side]", measure: "Callable[[peers.Side], Measured]") -> "list[Measured]":
    """Those that could be measured, each told when it is. Raises the last `Refused` when none could."""
    measured: list[Measured] = []
    for side in sides:
        try:
            measured.append(measure(side))
        except Refused as error:
            _say(str(error))
            if side is sides[-1] and not measured:
                raise
        else:
            _say("\n".join(tables.overview(measured[-1:])))
    return measured


def _measure(side: peers.Side, lines: "Sequence[Line]", together: Path, options: argparse.Namespace) -> Measured:
    _say(f"training {side.name}")
    folder = together.parent
    model, seconds = peers.train(side, examples=options.examples, domain=options.domain, folder=folder)
    _say(f"{side.name}: trained in {seconds:.0f} s; understanding {len(lines)} lines")
    answers = folder / f"{side.key}.json"
    command = [sys.executable, "-m", "relais_bot.nlu.evaluate", together, "--model", model, "--answers", answers]
    done = peers.run([str(each) for each in command])
    if done.returncode:
        raise Refused(f"{side.name} could not be measured:\n{done.stderr[-2000:]}")
    figures = json.loads(done.stdout.splitlines()[-1])
    scored = [
        Scored(line=line, understood=_understood(given))
        for line, given in zip(lines, json.loads(answers.read_text(encoding="utf-8")), strict=True)
    ]
    return Measured(side=side, scored=scored, threshold=figures["threshold"], training_seconds=seconds)


def _understood(given: "dict[str, object]") -> Understood:
    ranking = tuple((str(name), float(sure)) for name, sure in given["ranking"])  # type: ignore[attr-defined]
    return Understood(intent=str(given["intent"]), ranking=ranking, cpu_ms=float(str(given["cpu_ms"])))


def _written(line: Line) -> str:
    return json.dumps(
        {"text": line.text, "lang": line.language, "intent": line.intent, "also_ok": sorted(line.also_ok)}
    )


def _intents(domain: Path) -> "list[str]":
    from ruamel.yaml import YAML

    if not domain.exists():
        raise Refused(f"There is no {domain}: start from the root of the repository.")
    files = sorted(domain.rglob("*.yml")) if domain.is_dir() else [domain]
    return [str(intent) for file in files for intent in YAML(typ="safe").load(file).get("intents", [])]


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make nlu", description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, help=f"lines to measure with (default: {TEST_SET})")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=SIDES, help="which to train (default: all)")
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--domain", type=Path, default=Path("domain"))
    parser.add_argument("--examples", type=Path, default=Path("data/nlu"))
    parser.add_argument(
        "--epochs", type=int, default=peers.DIET_EPOCHS, help="of DIET; fewer only to try this script out"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
