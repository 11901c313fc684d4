"""The comparison as a person reads it, and as a script does."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from relais_bot.nlu import scores
from relais_bot.nlu.peers import Side
from relais_bot.nlu.scores import Scored

MOST_CONFUSIONS = 15


@dataclass(frozen=True)
class Measured:
    """One side, what it made of every line, and what that took."""

    side: Side
    scored: "list[Scored]"
    threshold: "float | None"
    training_seconds: float


def overview(measured: "Sequence[Measured]") -> "Iterator[str]":
    """One row per figure, one column per side."""
    yield _row("", [each.side.name for each in measured])
    for name, unit, figure in _figures(measured[0].scored):
        yield _row(f"{name} ({unit})" if unit else name, [_shown(figure(each), unit) for each in measured])


def details(measured: "Sequence[Measured]") -> "Iterator[str]":
    """Recall by intent and language, what is taken for what, and how honest the confidence is."""
    names = [each.side.name for each in measured]
    yield ""
    yield _row("recall by intent and language", names)
    recalls = [scores.recall(each.scored) for each in measured]
    for intent, language in recalls[0]:
        cells = [f"{right}/{count}" for right, count in (recall[intent, language] for recall in recalls)]
        yield _row(f"{intent} {language}", cells)
    for each in measured:
        yield ""
        yield f"{each.side.name}: meant → taken for, how often"
        for meant, taken, times in scores.confusions(each.scored)[:MOST_CONFUSIONS]:
            yield f"  {meant} → {taken}, {times}"
        yield f"{each.side.name}: how sure → how often right, lines"
        for sure, right, count in scores.calibration(each.scored):
            yield f"  {sure:.2f} → {right:.2f}, {count}"


def json_lines(measured: "Sequence[Measured]") -> "Iterator[str]":
    """One object per figure."""
    yield ""
    for name, unit, figure in _figures(measured[0].scored):
        scale = 100 if unit == "%" else 1
        found = ((each.side.key, figure(each)) for each in measured)
        values = {side: None if value is None else _rounded(value * scale) for side, value in found}
        yield json.dumps({"figure": name, "unit": unit, **values}, ensure_ascii=False)


Figure = Callable[[Measured], "float | None"]


def _figures(lines: "Sequence[Scored]") -> "Iterator[tuple[str, str, Figure]]":
    yield "accuracy", "%", lambda side: scores.accuracy(side.scored)
    for language in scores.languages(lines):
        yield f"accuracy {language}", "%", _in_language(language)
    yield "out of scope accepted, at the threshold that keeps 90 % of the right answers", "%", _at_its_own_threshold
    yield "that threshold", "", lambda side: scores.threshold_that_keeps(side.scored)
    yield "working threshold", "", lambda side: side.threshold
    yield "right without asking back, at the working thresholds", "%", lambda side: scores.answered_right(side.scored)
    yield "out of scope accepted, at the working thresholds", "%", lambda side: scores.false_accepts(side.scored)
    yield "calibration error", "", lambda side: scores.calibration_error(side.scored)
    yield "CPU per message", "ms", lambda side: scores.cpu_ms(side.scored)
    yield "training", "s", lambda side: side.training_seconds


def _in_language(language: str) -> Figure:
    return lambda side: scores.accuracy(scores.of_language(side.scored, language))


def _at_its_own_threshold(side: Measured) -> "float | None":
    return scores.false_accepts(side.scored, scores.threshold_that_keeps(side.scored))


def _shown(value: "float | None", unit: str) -> str:
    if value is None:
        return "–"
    if unit == "%":
        return f"{value * 100:.1f}"
    return f"{value:.0f}" if unit == "s" else f"{value:.2f}"


def _rounded(value: "float | None") -> "float | None":
    return None if value is None else round(value, 4)


def _row(name: str, cells: "Sequence[str]") -> str:
    return f"{name:<82}" + "".join(f"{cell:>12}" for cell in cells)
