"""What tells our business from the wide world: topics, and several witnesses weighed together."""

import json
from pathlib import Path

import numpy as np
import pytest

from relais_bot.components.concepts import frame, topic_ngrams, topic_of
from relais_bot.components.features import FOR_MEANING, Features
from relais_bot.components.intent_model import VIEWS, IntentModel, Sureness, learn_intent_model

OURS = {
    "track": ["where is my parcel", "track my order", "où est mon colis", "suivre ma commande", "my parcel please"],
    "cancel": [
        "cancel my order",
        "annuler la commande",
        "stop my order",
        "annule le colis",
        "please cancel the parcel",
    ],
}
ELSEWHERE = ["who won the football match", "il pleut demain", "tell me about the president", "raconte une blague"]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    lines = [(text, intent) for intent, texts in OURS.items() for text in texts]
    lines += [(text, "out_of_scope") for text in ELSEWHERE]
    return learn_intent_model([text for text, _ in lines], [intent for _, intent in lines], c=1)[0]


@pytest.mark.parametrize(
    ("word", "topic"),
    [("cricket", "sport"), ("l'amour", "love"), ("planetes", "science"), ("colis", None), ("livraison", None)],
)
def test_words_of_both_languages_belong_to_a_topic(word: str, topic: "str | None") -> None:
    assert topic_of(word) == topic


def test_every_word_of_a_topic_says_that_it_is_elsewhere() -> None:
    assert topic_ngrams("le match de tennis sous la pluie") == {"sport": 2, "weather": 1, "elsewhere": 3}
    assert topic_ngrams("où est mon colis") == {}


def test_a_frame_has_ideas_and_topics_for_words() -> None:
    assert frame("ou est mon colis") == "<where> est <my> <parcel>"
    assert frame("where is my package") == "<where> is <my> <parcel>"
    assert frame("the rain and the moon") == "the <elsewhere:weather> and the <elsewhere:science>"


@pytest.mark.parametrize(
    ("listed", "not_listed"),
    [("where is my giraffe", "where is my gorbelle"), ("annuler le mariage", "annuler le margiole")],
)
def test_a_word_of_a_topic_no_example_spoke_of_is_less_likely_ours_than_an_unknown_word(
    model: IntentModel, listed: str, not_listed: str
) -> None:
    elsewhere, unknown = model.guess(listed), model.guess(not_listed)
    assert elsewhere
    assert unknown

    assert elsewhere.out_of_scope > unknown.out_of_scope
    assert elsewhere.meanings[0][1] < unknown.meanings[0][1]


def test_out_of_scope_is_never_a_meaning(model: IntentModel) -> None:
    for text in (*ELSEWHERE, "where is my parcel", "who won the cricket"):
        guess = model.guess(text)
        assert guess
        assert {name for name, _ in guess.meanings} == set(OURS)


def test_each_view_sees_its_own_kinds_of_ngrams(model: IntentModel) -> None:
    assert model.scope
    features = Features.learn(FOR_MEANING, [text for texts in OURS.values() for text in texts] + ELSEWHERE)
    views = model.scope.views

    for place, kinds in enumerate(VIEWS.values()):
        seen = set(np.flatnonzero(views.border(place)[0]))
        assert seen
        assert seen <= set(features.columns(kinds).tolist())


def test_the_better_a_witness_the_more_it_weighs() -> None:
    is_outside = np.array([True, False] * 50)
    noise = np.sin(np.arange(100) * 7.0)
    good, poor = np.where(is_outside, -1.0, 1.0) + noise / 2, np.where(is_outside, -0.1, 0.1) + noise
    sureness = Sureness.fit(np.column_stack([good, poor]), is_outside, ~is_outside)

    assert sureness.weights[0] > abs(sureness.weights[1])
    ours, strange = sureness.weights @ [1, 0], sureness.weights @ [-1, 0]
    assert sureness.right(ours) > 0.8 > 0.2 > sureness.right(strange)
    assert sureness.outside(strange) > 0.8 > 0.2 > sureness.outside(ours)


def test_a_line_taken_for_another_meaning_makes_one_less_sure_but_moves_no_weight() -> None:
    is_outside = np.array([True, False] * 50)
    witness = (np.where(is_outside, -1.0, 1.0) + np.sin(np.arange(100) * 7.0))[:, None]
    mistaken = ~is_outside & (np.arange(100) % 4 == 1)
    plain = Sureness.fit(witness, is_outside, ~is_outside)
    wary = Sureness.fit(
        np.vstack([witness, witness[mistaken]]),
        np.r_[is_outside, is_outside[mistaken]],
        np.r_[~is_outside, np.zeros(mistaken.sum(), bool)],
    )

    assert wary.weights == pytest.approx(plain.weights)
    assert wary.right(float(plain.weights[0])) < plain.right(float(plain.weights[0]))


def test_sureness_comes_back_from_its_file(tmp_path: Path) -> None:
    is_outside = np.array([True, False] * 20)
    made = Sureness.fit(np.where(is_outside, -1.0, 1.0)[:, None], is_outside, ~is_outside)
    made.save(tmp_path / "sureness.json")
    read = Sureness.load(tmp_path / "sureness.json")

    assert set(json.loads((tmp_path / "sureness.json").read_text())) == {"weights", "outside", "right"}
    assert (read.right(0.3), read.outside(0.3)) == (made.right(0.3), made.outside(0.3))
