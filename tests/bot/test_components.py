"""The NLU components: what they find, how sure they are, and that training repeats itself."""

import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer

from relais_bot.components import CharNgramIntentClassifier, LanguageIdentifier
from relais_bot.components.concepts import concept_ngrams, concept_of
from relais_bot.components.extractors import CodeExtractor, find_codes, find_languages
from relais_bot.components.features import FOR_LANGUAGE, FOR_MEANING, Features
from relais_bot.components.intent_model import IntentModel, learn_intent_model
from relais_bot.components.linear_model import calibrate, learn, softmax
from relais_bot.components.ngrams import NgramWeights, character_ngrams, word_ngrams
from relais_bot.components.sigmoid import Sigmoid
from relais_bot.components.text import normalise, normalise_for_language
from relais_bot.components.text_model import TextModel, learn_text_model

LINES = {
    "track": ["where is my parcel", "track my order", "où est mon colis", "suivre ma commande", "my parcel please"],
    "greet": ["hello", "good morning", "bonjour", "salut à vous", "good evening"],
    "cancel": ["cancel my order", "annuler la commande", "stop it", "annule tout", "please cancel"],
}
TEXTS = [text for lines in LINES.values() for text in lines]
LABELS = [label for label, lines in LINES.items() for _ in lines]


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("Où EST ma Commande ?", "ou est ma commande ?"),
        ("l’été", "l'ete"),
        ("heyyyyyy", "heyy"),
        ("cour 20250127 061", "⌂"),
        ("track COUR-20250127-061!", "track ⌂ !"),
        ("appelez +242 06 123 45 67", "appelez #"),
        ("2 colis, 15 kg", "2 colis , 15 kg"),
        ("slt jveux suivre ma cmd svp!!", "salut je veux suivre ma commande svp !!"),
        ("g pa recu mon coli, c koi sa", "j'ai pas recu mon colis , c'est quoi sa"),
        ("whr is my pkg plz", "where is my package please"),
        ("see https://example.com/x?y=1 now", "see ↗ now"),
        ("bon\u200bjour\u00ad", "bonjour"),
        ("ＦＵＬＬ", "full"),
        ("   ", ""),
    ],
)
def test_normalise(written: str, normalised: str) -> None:
    assert normalise(written) == normalised


def test_accents_stay_where_they_tell_the_language() -> None:
    assert normalise_for_language("Où est COUR-20250127-061, l’été 2024 ?") == "où est l'été"


@pytest.mark.parametrize(
    "text",
    [
        "COUR-20250127-061",
        "cour-20250127-061",
        "où est Cour 20250127 061 svp",
        "COUR20250127061",
        "cour – 20250127 – 061",
        "COUR_2025_01_27_061.",
        "COUR-2025-01-27-061",
        "code:cour\u00a020250127\u00a0061",
        "COUR-٢٠٢٥٠١٢٧-٠٦١",
    ],
)
def test_a_code_is_found_however_it_is_typed(text: str) -> None:
    found = find_codes(text)

    assert [entity["value"] for entity in found] == ["COUR-20250127-061"]
    assert text[found[0]["start"] : found[0]["end"]].lower().startswith("cour")


@pytest.mark.parametrize(
    "text", ["COUR", "COUR-20250127", "COUR-20250127-0612", "parcours-20250127-061", "20250127-061", ""]
)
def test_what_is_not_a_code_is_left_alone(text: str) -> None:
    assert find_codes(text) == []


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("où est CMD-20250127-012 ?", "order_code", "CMD-20250127-012"),
        ("cmd 20250127 012", "order_code", "CMD-20250127-012"),
        ("ma cmd CMD20250127012", "order_code", "CMD-20250127-012"),
        ("rcl_2025-01-27-003", "claim_id", "RCL-20250127-003"),
    ],
)
def test_the_code_of_an_order_or_a_claim_is_told_from_a_deliverys(text: str, entity: str, value: str) -> None:
    assert [(each["entity"], each["value"]) for each in find_codes(text)] == [(entity, value)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("où est ma dernière commande", ["order"]),
        ("ma derniere cmd stp", ["order"]),
        ("annule mon dernier colis", ["delivery"]),
        ("my last order", ["order"]),
        ("the most recent delivery please", ["delivery"]),
        ("mes 5 dernières commandes", []),
        ("le dernier CMD-20250127-012", []),
        ("last time I ordered", []),
    ],
)
def test_the_newest_is_meant_where_it_is_named_and_has_no_code(text: str, values: list[str]) -> None:
    found = CodeExtractor().find(text)

    assert [each["value"] for each in found if each["entity"] == "latest"] == values


def test_several_codes_are_found_in_order() -> None:
    values = [entity["value"] for entity in find_codes("COUR-20250127-061 et cour 20250128 002")]

    assert values == ["COUR-20250127-061", "COUR-20250128-002"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("in English please", ["en"]),
        ("en anglais svp", ["en"]),
        ("FRANÇAIS", ["fr"]),
        ("francais ou english", ["fr", "en"]),
        ("je suis une Française", ["fr"]),
        ("englishman", []),
        ("frites", []),
        ("العربية", []),
    ],
)
def test_only_languages_of_the_bot_are_found(text: str, values: list[str]) -> None:
    assert [entity["value"] for entity in find_languages(text)] == values


def test_ngrams_are_those_of_scikit_learn() -> None:
    chance = random.Random(1)
    words = ["où", "est", "mon", "colis", "a", "abc", "abcdef", "⌂", "#", "l'été", "?"]
    texts = [" ".join(chance.choices(words, k=chance.randint(1, 9))) for _ in range(200)]
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, lowercase=False)
    expected = theirs.fit_transform(texts[:150])
    ours = NgramWeights.learn(texts[:150], character_ngrams(1, 4))

    assert ours.ngrams == list(theirs.get_feature_names_out())
    np.testing.assert_allclose(ours.matrix(texts[:150]).toarray(), expected.toarray(), atol=1e-12)
    np.testing.assert_allclose(ours.matrix(texts[150:]).toarray(), theirs.transform(texts[150:]).toarray(), atol=1e-12)


def test_words_in_a_row_know_where_the_message_starts_and_ends() -> None:
    assert set(word_ngrams(2)("mon colis")) == {"mon", "colis", "‹ mon", "mon colis", "colis ›"}


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("livreuse", "courier"),
        ("rider", "courier"),
        ("l'adresse", "address"),
        ("aujourd'hui", "day"),
        ("girafe", None),
        ("'", None),
    ],
)
def test_words_of_both_languages_stand_for_one_idea(word: str, concept: "str | None") -> None:
    assert concept_of(word) == concept


def test_ideas_count_alone_in_a_row_and_together() -> None:
    counted = concept_ngrams("le livreur est en retard , le livreur")

    assert counted == {
        "courier": 2,
        "late": 1,
        "courier late": 1,
        "late courier": 1,
        "courier+late": 1,
    }


def test_what_was_learnt_in_one_language_helps_in_the_other() -> None:
    french = ["le livreur est perdu", "le coursier est perdu", "je veux un remboursement", "remboursez mon argent"]
    model, _ = learn_intent_model(french, ["courier", "courier", "money", "money"], c=1)

    guess = model.guess("refund me")
    assert guess is not None
    assert guess.meanings[0][0] == "money"


def test_a_curve_makes_probabilities_of_scores() -> None:
    scores = np.array([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0] * 20)
    curve = Sigmoid.fit(scores, scores + np.tile([0, 0, 1, -1, 0, 0], 20) > 0)

    assert curve(-2.0) < curve(0.0) < curve(2.0)
    assert curve(0.0) == pytest.approx(0.5, abs=0.01)
    assert (curve(1e6), curve(-1e6)) == (1.0, 0.0)
    assert Sigmoid.fit(scores, scores > 5)(0.0) < 0.01
    assert Sigmoid.fit(scores, scores > -5)(0.0) > 0.99


def test_unknown_ngrams_make_the_vector_shorter() -> None:
    minding, careless = (NgramWeights.learn(TEXTS, word_ngrams(1), minds_unknown=minds) for minds in (True, False))

    def length(weights: NgramWeights, text: str) -> float:
        return float(np.linalg.norm(weights.vector(text)[1]))

    assert length(minding, "my order") == pytest.approx(1)
    assert length(minding, "my zebra") < length(minding, "my order")
    assert length(careless, "my zebra") == pytest.approx(1)


def test_training_repeats_itself_in_any_order_of_the_lines() -> None:
    order = list(range(len(TEXTS)))
    random.Random(3).shuffle(order)
    first, _ = learn_intent_model(TEXTS, LABELS, c=1)
    second, _ = learn_intent_model([TEXTS[i] for i in order], [LABELS[i] for i in order], c=1)

    assert first.guess("track it") == second.guess("track it")


def test_a_text_model_comes_back_from_its_files(tmp_path: Path) -> None:
    model, _ = learn_text_model(FOR_LANGUAGE, TEXTS, LABELS, c=1)
    model.save(tmp_path)
    read = TextModel.load(tmp_path)

    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}
    for text in TEXTS:
        assert read.probabilities(text) == pytest.approx(model.probabilities(text), abs=1e-5)


@pytest.mark.parametrize("odd", [[], ["what a lovely day", "qui a gagné"]], ids=["all is ours", "some is not"])
def test_an_intent_model_comes_back_from_its_files(tmp_path: Path, odd: "list[str]") -> None:
    model, _ = learn_intent_model([*TEXTS, *odd], [*LABELS, *["out_of_scope"] * len(odd)], c=1)
    model.save(tmp_path)
    read = IntentModel.load(tmp_path)

    for text in [*TEXTS, *odd, "where is my zebra", "hm"]:
        made, again = model.guess(text), read.guess(text)
        assert again.out_of_scope == pytest.approx(made.out_of_scope, abs=1e-5)
        assert dict(again.meanings) == pytest.approx(dict(made.meanings), abs=1e-5)


def test_what_is_odd_is_less_likely_to_mean_anything() -> None:
    odd = ["who won the match", "what a lovely day", "il fait beau", "qui a gagné", "tell me a joke"]
    model, _ = learn_intent_model([*TEXTS, *odd], [*LABELS, *["out_of_scope"] * len(odd)], c=1)
    ours, strange = model.guess("track my parcel"), model.guess("who won my parcel")

    assert ours.meanings[0][0] == strange.meanings[0][0] == "track"
    assert strange.out_of_scope > ours.out_of_scope
    assert strange.meanings[0][1] < ours.meanings[0][1]
    assert all(0 <= sure <= 1 for _, sure in [*ours.meanings, *strange.meanings])


def test_two_classes_are_no_special_case() -> None:
    model, _ = learn_text_model(FOR_LANGUAGE, ["oui", "ouais", "non", "nope"], ["yes", "yes", "no", "no"], c=1)
    probabilities = model.probabilities("ouais")

    assert probabilities["yes"] > 0.8
    assert sum(probabilities.values()) == pytest.approx(1)


def test_calibration_makes_held_out_probabilities_more_honest() -> None:
    held_out = learn(Features.learn(FOR_MEANING, TEXTS * 3).matrix(TEXTS * 3), LABELS * 3, c=20).held_out
    rows = np.arange(len(held_out.labels))

    def log_loss(temperature: float) -> float:
        return float(-np.log(softmax(held_out.scores / temperature)[rows, held_out.labels]).mean())

    assert log_loss(calibrate(held_out)) <= log_loss(1.0)


class Storage:
    """Rasa's model storage, as far as a component needs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write_to(self, resource: Resource) -> "Storage":
        return self

    read_from = write_to

    def __enter__(self) -> Path:
        return self.folder

    def __exit__(self, *_: object) -> None:
        return None


def examples(lines: "list[tuple[str, str, str | None]]") -> TrainingData:
    return TrainingData(
        [Message.build(text, intent, intent_metadata={"language": lang}) for text, intent, lang in lines]
    )


@pytest.fixture
def classifier(tmp_path: Path) -> CharNgramIntentClassifier:
    made = CharNgramIntentClassifier.create({}, Storage(tmp_path), Resource("intents"), None)
    made.train(examples([(text, label, "fr") for text, label in zip(TEXTS, LABELS, strict=True)]))
    return made


def test_a_known_line_is_understood(classifier: CharNgramIntentClassifier) -> None:
    ranking = classifier.rank("où est mon colis")

    assert ranking[0]["name"] == "track"
    assert [entry["confidence"] for entry in ranking] == sorted((e["confidence"] for e in ranking), reverse=True)
    assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1)


def test_a_doubtful_line_falls_back_and_keeps_what_it_might_mean(classifier: CharNgramIntentClassifier) -> None:
    ranking = classifier.rank("commande")

    assert ranking[0]["name"] == "nlu_fallback"
    assert {entry["name"] for entry in ranking[1:3]} == {"track", "cancel"}


@pytest.mark.parametrize("text", ["", "😀", "你好", "الطلب"])
def test_a_line_of_unknown_signs_falls_back_to_nothing(classifier: CharNgramIntentClassifier, text: str) -> None:
    assert [entry["name"] for entry in classifier.rank(text)] == ["nlu_fallback"]


def test_a_loaded_classifier_ranks_as_the_trained_one(classifier: CharNgramIntentClassifier, tmp_path: Path) -> None:
    loaded = CharNgramIntentClassifier.load({"ranking_length": 2}, Storage(tmp_path), Resource("intents"), None)

    assert loaded.rank("bonjour")[0] == pytest.approx(classifier.rank("bonjour")[0])
    assert len(loaded.rank("bonjour")) == 2


def trained(folder: Path, lines: "dict[str, list[str]]", **config: Any) -> CharNgramIntentClassifier:
    made = CharNgramIntentClassifier.create(config, Storage(folder), Resource("intents"), None)
    made.train(examples([(text, label, "fr") for label, texts in lines.items() for text in texts]))
    return made


def test_what_would_do_harm_needs_more_certainty(tmp_path: Path) -> None:
    unsure = "please cancel it or track it"
    before = trained(tmp_path, LINES, threshold=0.1, ambiguity=0.0).rank(unsure)
    needed = (before[0]["confidence"] + 1) / 2
    careful = trained(tmp_path, LINES, threshold=0.1, ambiguity=0.0, thresholds={before[0]["name"]: needed})

    assert careful.rank(unsure)[0]["name"] == "nlu_fallback"
    assert careful.rank(unsure)[1] == before[0]


@pytest.mark.parametrize(
    ("thresholds", "sentence"),
    [({"cancle": 0.9}, "'cancle', which has no examples"), ({"cancel": 0.1}, "between"), ({"cancel": 1.5}, "between")],
)
def test_a_strange_threshold_is_refused(tmp_path: Path, thresholds: "dict[str, float]", sentence: str) -> None:
    with pytest.raises(InvalidConfigException, match=sentence):
        trained(tmp_path, LINES, thresholds=thresholds)


ODD = {"out_of_scope": ["who won the match", "il fait beau", "tell me a joke", "qui est le roi", "i love football"]}


def test_what_is_none_of_our_business_is_said_to_be(tmp_path: Path) -> None:
    ranking = trained(tmp_path, {**LINES, **ODD}).rank("tell me who won")

    assert ranking[0]["name"] == "out_of_scope"
    assert ranking[0]["confidence"] >= 0.5


def test_where_that_is_doubtful_the_meaning_leads_and_out_of_scope_comes_last(tmp_path: Path) -> None:
    ranking = trained(tmp_path, {**LINES, **ODD}, out_of_scope_threshold=1.1, threshold=0.0).rank("tell me who won")

    assert ranking[-1]["name"] == "out_of_scope"
    assert ranking[0]["confidence"] < ranking[-1]["confidence"]


def test_a_prediction_takes_less_than_a_millisecond(classifier: CharNgramIntentClassifier) -> None:
    started = time.process_time()
    for _ in range(200):
        classifier.rank("bonjour je voudrais savoir où est mon colis COUR-20250127-061 s'il vous plaît")

    assert (time.process_time() - started) / 200 < 0.001


def test_one_intent_is_not_enough(tmp_path: Path) -> None:
    lonely = CharNgramIntentClassifier.create({}, Storage(tmp_path), Resource("intents"), None)

    with pytest.raises(InvalidConfigException, match="two intents"):
        lonely.train(examples([("bonjour", "greet", "fr")]))


@pytest.fixture
def identifier(tmp_path: Path) -> LanguageIdentifier:
    made = LanguageIdentifier.create({}, Storage(tmp_path), Resource("languages"), None)
    made.train(examples([("où est mon colis", "track", "fr"), ("where is my parcel", "track", "en")]))
    return made


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("où est ma commande COUR-20250127-061 ?", "fr"),
        ("mon colis est ou", "fr"),
        ("je ve commandé un truc", "fr"),
        ("cc c quand ke sa arrive", "fr"),
        ("merci beaucoup", "fr"),
        ("track COUR-20250127-061 please", "en"),
        ("hi, where is my order?", "en"),
        ("i want 2 order smth", "en"),
        ("thank you so much", "en"),
    ],
)
def test_the_language_of_a_message(identifier: LanguageIdentifier, text: str, language: str) -> None:
    found = identifier.identify(text)

    assert found["name"] == language
    assert found["confidence"] > 0.7


@pytest.mark.parametrize("text", ["COUR-20250127-061", "😀", "42", ""])
def test_no_words_no_language(identifier: LanguageIdentifier, text: str) -> None:
    assert identifier.identify(text) == {"name": None, "confidence": 0.0}


@pytest.mark.parametrize("language", [None, "de"])
def test_examples_must_say_their_language(tmp_path: Path, language: Any) -> None:
    untold = LanguageIdentifier.create({}, Storage(tmp_path), Resource("languages"), None)

    with pytest.raises(InvalidConfigException, match=r"metadata: \{language: fr\}"):
        untold.train(examples([("bonjour", "greet", language)]))
