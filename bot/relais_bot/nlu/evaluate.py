"""Scores a file of lines with the trained model: `./relais nlu evaluate FILE.jsonl`.

Prints the lines a person would have been disappointed by, then a summary, then the figures as one line of JSON.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from relais_bot import quiet
from relais_bot.nlu import scores
from relais_bot.nlu.graph import NluGraph
from relais_bot.nlu.lines import read_lines
from relais_bot.nlu.scores import Lines, Scored
from relais_bot.rasa_version import require_supported_rasa
from relais_bot.refusals import Refused


def main() -> None:
    options = _options()
    quiet.prepare_environment(os.environ, str(Path("var/home")))
    try:
        require_supported_rasa()
        graph = NluGraph.load(options.model)
        quiet.configure_logs("ERROR")
        scored = score(graph, options.file)
    except Refused as error:
        sys.exit(str(error))
    if options.answers:
        options.answers.write_text(json.dumps([asdict(each.understood) for each in scored]), encoding="utf-8")
    for line in (*misses(scored), "", *summary(scored), json.dumps(figures(scored, graph.threshold))):
        sys.stdout.write(f"{line}\n")


def score(graph: NluGraph, path: Path) -> "list[Scored]":
    """Every line of the file and what the model makes of it. Raises `BadLines`."""
    lines = read_lines(path, graph.intents)
    return [Scored(line=line, understood=graph.understand(line.text)) for line in lines]


def misses(scored: Lines) -> "Iterator[str]":
    """The lines that were answered wrongly, or asked back."""
    for each in scored:
        if each.is_miss:
            line, found = each.line, each.understood
            guess = "" if found.intent == found.likeliest else f" (likeliest: {found.likeliest})"
            yield f"{line.language} {line.text!r}: {line.intent} → {found.intent}{guess}, {found.confidence:.2f}"


def summary(scored: Lines) -> "Iterator[str]":
    """One line per language, then what is none of our business."""
    for language in scores.languages(scored):
        of_it = scores.of_language(scored, language)
        meant = [each for each in of_it if not each.line.is_out_of_scope]
        if meant:
            right, answered = scores.accuracy(of_it), scores.answered_right(of_it)
            yield f"{language}: {right:.1%} of {len(meant)} lines right, {answered:.1%} without asking back"
    outside = [each for each in scored if each.line.is_out_of_scope]
    if outside:
        yield f"out of scope: {scores.false_accepts(outside):.1%} of {len(outside)} lines taken for something else"


def figures(scored: Lines, threshold: "float | None") -> "dict[str, Any]":
    """What `./relais nlu evaluate` ends with; null where the file has no line to tell."""
    names = scores.languages(scored)
    kept = scores.threshold_that_keeps(scored)
    return {
        "lines": len(scored),
        "accuracy": {name: _rounded(scores.accuracy(scores.of_language(scored, name))) for name in names},
        "answered_right": {name: _rounded(scores.answered_right(scores.of_language(scored, name))) for name in names},
        "oos_false_accept": _rounded(scores.false_accepts(scored)),
        "threshold": threshold,
        "oos_false_accept_at_90": _rounded(scores.false_accepts(scored, kept)),
        "threshold_at_90": _rounded(kept),
        "calibration_error": _rounded(scores.calibration_error(scored)),
        "ms_cpu": _rounded(scores.cpu_ms(scored)),
    }


def _rounded(value: "float | None") -> "float | None":
    return None if value is None else round(value, 4)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="relais nlu evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, default=Path("models/current.tar.gz"))
    parser.add_argument("--answers", type=Path, help="also write what the model made of each line, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
