"""The unseen lines themselves: enough of everything, each once, in its language, and none that the bot was taught."""

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LANGUAGES = ("fr", "en")

ASKED = {
    "affirm",
    "browse_products",
    "cancel_order",
    "change_address",
    "change_language",
    "claim",
    "contact_courier",
    "create_delivery",
    "delivery_delay",
    "deny",
    "goodbye",
    "greet",
    "help",
    "human_agent",
    "notifications_opt_in",
    "notifications_opt_out",
    "order_history",
    "order_product",
    "payment_question",
    "price_question",
    "rate",
    "thanks",
    "track_delivery",
}
AT_LEAST = 25
AT_LEAST_OUT_OF_SCOPE = 150
# Never what a line asks for, but as right as that for a few.
ALSO_RIGHT = {"cancel", "lost_code"}
MOST_WORDS = 45

# Words that one language has and the other lacks, also as people shorten them.
COMMON_WORDS = {
    "fr": {
        "je",
        "le",
        "les",
        "des",
        "du",
        "une",
        "est",
        "vous",
        "mon",
        "mes",
        "que",
        "qui",
        "pour",
        "avec",
        "pas",
        "moi",
    },
    "en": {
        "the",
        "is",
        "my",
        "you",
        "it",
        "to",
        "of",
        "and",
        "for",
        "with",
        "what",
        "where",
        "can",
        "this",
        "your",
        "not",
    },
}

CODE = re.compile(r"cour[ -]?\d{8}[ -]?\d{3}", re.IGNORECASE)
# As long as the shortest number of a phone, however it is spaced.
PHONE = re.compile(r"\+?\d(?:[ .-]?\d){7,}")
DEMO_PHONE = re.compile(r"06 500 00 \d\d")
# [Kimia](name) or [Kimia]{"entity": "name"}, as Rasa's training data marks an entity.
MARKED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@cache
def lines(language: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / f"{language}.jsonl").read_text().splitlines()]


def everything() -> list[dict[str, Any]]:
    return [line for language in LANGUAGES for line in lines(language)]


def plain(text: str) -> str:
    """The text as two people would call it the same: without case, accents, doubled spaces and final punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    unaccented = "".join(letter for letter in letters if not unicodedata.combining(letter))
    spaced = " ".join(unaccented.split())
    return spaced.rstrip(" .!?") or spaced


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", plain(text)))


def taught() -> set[str]:
    """Every line of the bot's training data, made plain."""
    blocks = [
        block
        for path in ROOT.glob("data/nlu/**/*.yml")
        for block in yaml.load(path.read_text(), Loader=yaml.CSafeLoader)["nlu"] or ()
    ]
    examples = [line for block in blocks if "intent" in block for line in lines_of(block["examples"])]
    return {plain(MARKED.sub(r"\1", line.removeprefix("- "))) for line in examples}


def lines_of(examples: Any) -> list[str]:
    """Written by hand, or with where each comes from."""
    return examples.splitlines() if isinstance(examples, str) else [each["text"] for each in examples]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_lines_of_every_intent(language: str) -> None:
    counted = Counter(line["intent"] for line in lines(language))

    assert set(counted) == ASKED | {"out_of_scope"}
    assert {intent: number for intent, number in counted.items() if number < AT_LEAST} == {}
    assert counted["out_of_scope"] >= AT_LEAST_OUT_OF_SCOPE


def test_a_line_has_a_text_a_language_an_intent_and_sometimes_others_that_are_as_right() -> None:
    for line in everything():
        others = line.get("also_ok", [])
        assert set(line) - {"also_ok"} == {"text", "lang", "intent"}, line
        assert set(others) <= (ASKED | ALSO_RIGHT) - {line["intent"]}, line
        assert len(others) == len(set(others)), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_line_says_the_language_of_its_file(language: str) -> None:
    assert {line["lang"] for line in lines(language)} == {language}


@pytest.mark.parametrize(("language", "other"), [("fr", "en"), ("en", "fr")])
def test_no_line_was_written_into_the_file_of_the_other_language(language: str, other: str) -> None:
    asked = [line["text"] for line in lines(language) if line["intent"] != "out_of_scope"]

    assert [
        text
        for text in asked
        if len(words(text) & COMMON_WORDS[other]) >= 2 and not words(text) & COMMON_WORDS[language]
    ] == []


def test_nobody_says_the_same_twice() -> None:
    counted = Counter(plain(line["text"]) for line in everything())

    assert [text for text, number in counted.items() if number > 1] == []


def test_a_line_is_as_long_as_a_message() -> None:
    assert [line["text"] for line in everything() if not 1 <= len(line["text"].split()) <= MOST_WORDS] == []
    assert [line["text"] for line in everything() if line["text"] != line["text"].strip()] == []


def test_no_line_holds_a_phone_number_but_those_of_the_demo() -> None:
    without_codes = [CODE.sub("", line["text"]) for line in everything()]

    assert [text for text in without_codes if PHONE.search(DEMO_PHONE.sub("", text))] == []


def test_no_line_is_one_that_the_bot_was_taught() -> None:
    known = taught()

    assert known
    assert [line["text"] for line in everything() if plain(line["text"]) in known] == []
