"""What the assistant learns from: enough of everything, nothing twice, and a rule for whatever is understood."""

from collections import Counter, defaultdict
from typing import Any

import pytest
import yaml

from tests.actions.rasa import DOMAIN, ROOT

LANGUAGES = ("fr", "en")
FALLBACK = "nlu_fallback"

#: What no words mean: only the server can say that a file came.
UNTYPED = {"send_cart", "share_media"}
TAUGHT = set(DOMAIN["intents"]) - UNTYPED
AT_LEAST = 40
AT_LEAST_OUT_OF_SCOPE = 300


def blocks() -> list[dict[str, Any]]:
    files = sorted(ROOT.glob("data/nlu/*.yml"))
    return [block for path in files for block in yaml.load(path.read_text(), Loader=yaml.CSafeLoader)["nlu"]]


EXAMPLES = [
    (block["intent"], block["metadata"]["language"], line.removeprefix("- ").strip())
    for block in blocks()
    for line in block["examples"].splitlines()
]
RULES = [
    rule
    for path in sorted(ROOT.glob("data/rules/*.yml"))
    for rule in yaml.load(path.read_text(), Loader=yaml.CSafeLoader)["rules"]
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", sorted(TAUGHT))
def test_there_are_enough_examples(intent: str, language: str) -> None:
    found = Counter((each[0], each[1]) for each in EXAMPLES)[intent, language]

    assert found >= (AT_LEAST_OUT_OF_SCOPE if intent == "out_of_scope" else AT_LEAST)


def test_only_what_the_domain_knows_is_taught() -> None:
    assert {intent for intent, _, _ in EXAMPLES} == TAUGHT


def test_no_line_means_two_things() -> None:
    meanings = defaultdict(set)
    for intent, _, line in EXAMPLES:
        meanings[line.casefold()].add(intent)

    assert not {line: found for line, found in meanings.items() if len(found) > 1}


def test_no_line_is_there_twice() -> None:
    counted = Counter((language, line.casefold()) for _, language, line in EXAMPLES)

    assert not [line for line, times in counted.items() if times > 1]


def test_no_line_is_empty_or_annotated() -> None:
    assert not [line for _, _, line in EXAMPLES if not line or "](" in line]


def test_everything_that_can_be_understood_has_a_rule() -> None:
    answered = set()
    for rule in RULES:
        first = rule["steps"][0]
        answered |= {each["intent"] for each in first.get("or", [first]) if "intent" in each}

    assert answered == {*DOMAIN["intents"], FALLBACK}
