"""Scores: what counts as right, as accepted and as a false accept."""

import pytest

from relais_bot.nlu import scores
from relais_bot.nlu.evaluate import figures, misses
from relais_bot.nlu.graph import Understood
from relais_bot.nlu.lines import Line
from relais_bot.nlu.scores import Scored


def scored(meant: str, taken: str, sure: float = 0.9, *, asks: bool = False, lang: str = "fr", ok: str = "") -> Scored:
    ranking = ((taken, sure), ("greet", 0.01))
    intent = "nlu_fallback" if asks else taken
    line = Line(text="…", language=lang, intent=meant, also_ok=frozenset({ok} - {""}))
    return Scored(line=line, understood=Understood(intent=intent, ranking=ranking, cpu_ms=0.5))


def test_a_right_guess_counts_even_where_the_assistant_asks_back() -> None:
    lines = [scored("help", "help"), scored("help", "help", 0.3, asks=True), scored("help", "greet")]

    assert scores.accuracy(lines) == pytest.approx(2 / 3)
    assert scores.answered_right(lines) == pytest.approx(1 / 3)
    assert [each.is_miss for each in lines] == [False, True, True]


def test_another_acceptable_meaning_is_right_too() -> None:
    assert scored("cancel_order", "cancel", ok="cancel").is_right
    assert not scored("cancel_order", "cancel").is_right


@pytest.mark.parametrize(
    ("line", "is_false_accept"),
    [
        (scored("out_of_scope", "out_of_scope"), False),
        (scored("out_of_scope", "greet"), True),
        (scored("out_of_scope", "greet", 0.3, asks=True), False),
        (scored("out_of_scope", "greet", ok="greet"), False),
        (scored("help", "greet"), False),
    ],
)
def test_an_out_of_scope_line_may_be_declined_or_asked_about(line: Scored, is_false_accept: bool) -> None:
    assert line.is_false_accept() is is_false_accept


def test_out_of_scope_lines_do_not_count_as_understood() -> None:
    lines = [scored("help", "help"), scored("out_of_scope", "greet")]

    assert scores.accuracy(lines) == 1
    assert scores.false_accepts(lines) == 1


@pytest.mark.parametrize(("sure", "is_false_accept"), [(0.49, False), (0.5, True)])
def test_models_are_compared_at_one_threshold_for_all_intents(sure: float, is_false_accept: bool) -> None:
    assert scored("out_of_scope", "greet", sure, asks=True).is_false_accept(0.5) is is_false_accept


def test_the_threshold_keeps_nine_of_ten_right_answers() -> None:
    right = [scored("help", "help", hundredths / 100) for hundredths in range(1, 101)]
    noise = [scored("help", "greet", 1.0), scored("out_of_scope", "greet", 1.0)]

    threshold = scores.threshold_that_keeps(right + noise)

    assert sum(each.understood.confidence >= threshold for each in right) == 90


def test_nothing_right_keeps_everything() -> None:
    assert scores.threshold_that_keeps([scored("help", "greet")]) == 0


def test_recall_and_confusion_name_intents_and_languages() -> None:
    lines = [
        scored("help", "help"),
        scored("help", "greet"),
        scored("help", "greet"),
        scored("help", "help", lang="en"),
    ]

    assert scores.recall(lines) == {("help", "en"): (1, 1), ("help", "fr"): (1, 3)}
    assert scores.confusions(lines) == [("help", "greet", 2)]


def test_calibration_compares_confidence_with_truth() -> None:
    lines = [scored("help", "help", 0.75), scored("help", "greet", 0.75), scored("help", "help", 1.0)]

    assert scores.calibration(lines) == [(0.75, 0.5, 2), (1.0, 1.0, 1)]
    assert scores.calibration_error(lines) == pytest.approx(0.5 / 3)


def test_the_figures_are_per_language_and_say_where_nothing_is_known() -> None:
    told = figures([scored("help", "help", lang="en"), scored("help", "greet", lang="fr")], 0.4)

    assert told["accuracy"] == {"fr": 0.0, "en": 1.0}
    assert list(told["accuracy"]) == ["fr", "en"]
    assert (told["oos_false_accept"], told["threshold"], told["ms_cpu"]) == (None, 0.4, 0.5)


def test_a_miss_says_what_was_meant_and_what_was_guessed() -> None:
    lines = [scored("help", "greet", 0.8), scored("help", "help"), scored("help", "greet", 0.3, asks=True)]

    assert list(misses(lines)) == [
        "fr '…': help → greet, 0.80",
        "fr '…': help → nlu_fallback (likeliest: greet), 0.30",
    ]
