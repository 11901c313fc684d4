"""How well a model did on lines whose meaning is known: pure arithmetic.

Two things are looked at apart. *Right* asks whether the likeliest intent is what the line means, however unsure
the model is. *Accepted* asks whether it was sure enough to act on it; below that the assistant asks instead.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from relais_bot.nlu.graph import FALLBACK, Understood
from relais_bot.nlu.lines import OUT_OF_SCOPE, Line

#: Models are compared at the threshold that keeps this share of each one's right answers.
KEPT = 0.9
CALIBRATION_BINS = 10
DECLINED = frozenset({FALLBACK, OUT_OF_SCOPE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One line and what the model made of it."""

    line: Line
    understood: Understood

    @property
    def is_right(self) -> bool:
        return self.line.accepts(self.understood.likeliest)

    @property
    def is_accepted(self) -> bool:
        """Whether the assistant acts on a meaning, at the working thresholds."""
        return self.understood.intent not in DECLINED

    @property
    def is_miss(self) -> bool:
        """A person would notice: a wrong answer, a question back, or an answer to what is none of our business."""
        if self.line.is_out_of_scope:
            return self.is_accepted and not self.line.accepts(self.understood.intent)
        return not self.line.accepts(self.understood.intent)

    def is_false_accept(self, threshold: "float | None" = None) -> bool:
        """An out-of-scope line taken for something else: at the working thresholds, or at one for all intents."""
        if not self.line.is_out_of_scope:
            return False
        if threshold is None:
            return self.is_miss
        likeliest = self.understood.likeliest
        sure = likeliest not in DECLINED and self.understood.confidence >= threshold
        return sure and not self.line.accepts(likeliest)


Lines = Sequence[Scored]


def accuracy(scored: Lines) -> "float | None":
    """Share of the lines with a meaning whose likeliest intent is right; None where there are none."""
    return _share([each for each in scored if not each.line.is_out_of_scope], lambda each: each.is_right)


def answered_right(scored: Lines) -> "float | None":
    """The same at the working thresholds: right, and sure enough not to ask."""
    return _share([each for each in scored if not each.line.is_out_of_scope], lambda each: not each.is_miss)


def false_accepts(scored: Lines, threshold: "float | None" = None) -> "float | None":
    """Share of the out-of-scope lines that were taken for something else; None where there are none."""
    outside = [each for each in scored if each.line.is_out_of_scope]
    return _share(outside, lambda each: each.is_false_accept(threshold))


def threshold_that_keeps(scored: Lines, share: float = KEPT) -> float:
    """The highest threshold under which at least this share of the right answers is still given."""
    sure = sorted((s.understood.confidence for s in scored if not s.line.is_out_of_scope and s.is_right), reverse=True)
    if not sure:
        return 0.0
    return sure[max(0, -(-round(share * 1000) * len(sure) // 1000) - 1)]


def recall(scored: Lines) -> "dict[tuple[str, str], tuple[int, int]]":
    """(intent, language) to how many of its lines were right, and how many there are."""
    every = Counter((each.line.intent, each.line.language) for each in scored)
    right = Counter((each.line.intent, each.line.language) for each in scored if each.is_right)
    return {key: (right[key], count) for key, count in sorted(every.items())}


def confusions(scored: Lines) -> "list[tuple[str, str, int]]":
    """(meant, taken for, how often), most often first."""
    wrong = Counter((s.line.intent, s.understood.likeliest) for s in scored if not s.is_right)
    return [(meant, taken, times) for (meant, taken), times in sorted(wrong.items(), key=lambda i: (-i[1], i[0]))]


def calibration(scored: Lines) -> "list[tuple[float, float, int]]":
    """Per tenth of confidence: how sure the model was on average, how often it was right, how many lines."""
    bins: dict[int, list[Scored]] = {}
    for each in scored:
        place = min(int(each.understood.confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1)
        bins.setdefault(place, []).append(each)
    return [
        (
            sum(each.understood.confidence for each in found) / len(found),
            sum(each.is_right for each in found) / len(found),
            len(found),
        )
        for _, found in sorted(bins.items())
    ]


def calibration_error(scored: Lines) -> float:
    """How far confidence and truth are apart, on average over the lines."""
    return sum(abs(sure - right) * count for sure, right, count in calibration(scored)) / len(scored)


def cpu_ms(scored: Lines) -> float:
    """CPU time per message, in milliseconds, everything that understanding it takes included."""
    return sum(each.understood.cpu_ms for each in scored) / len(scored)


def of_language(scored: Lines, language: str) -> "list[Scored]":
    return [each for each in scored if each.line.language == language]


def languages(scored: Lines) -> "list[str]":
    """Those of the lines; the assistant's first language first."""
    return sorted({each.line.language for each in scored}, key=lambda name: (name != "fr", name))


def _share(lines: Lines, is_one: "Callable[[Scored], bool]") -> "float | None":
    return sum(map(is_one, lines)) / len(lines) if lines else None
