"""A talk that was held is saved as a test, and the test passes, by the code that holds tests/conversations."""

import contextlib
import os
import sqlite3
import subprocess
from typing import Any
from uuid import UUID

import pytest
import yaml

from tests.road.test_scripts import SCRIPTS, hold_script
from tests.stack import ROOT, Stack

pytestmark = pytest.mark.stack

HELD = (
    "Grâce follows her parcel and calls the courier",
    "Without a code one chooses from a list, then asks for the courier who is not there yet",
    "Aline leaves the question for the code",
    "From the shelves to the cart, and its quantity changed",
    "Several things in one breath, one of them unknown, one of them in another shop",
    "For somebody else, with a bad number, one question back, and another address",
    "A size that must be chosen, put off by a question in between and two answers that are none",
)
ACTS = ("say", "tap", "choose", "location", "photo", "order", "quote")

READ = """
import sys, warnings
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
domain = Domain.load("domain")
with warnings.catch_warnings(record=True) as found:
    warnings.simplefilter("always", UserWarning)
    reader = YAMLStoryReader(domain)
    steps = reader.read_from_string(sys.stdin.read())
users = [event for step in steps for event in step.events if isinstance(event, UserUttered)]
unknown = [each for step in steps for each in [*step.events] if isinstance(each, UserUttered)
    and each.intent_name and each.intent_name not in domain.intents]
print(len(users), [str(each.message) for each in found if issubclass(each.category, UserWarning)] + unknown)
"""


def relais(stack: Stack, *arguments: str) -> str:
    environment = {**os.environ, **stack.environment}
    done = subprocess.run(
        [str(ROOT / "relais"), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def talk_of(stack: Stack, phone: str) -> tuple[str, int]:
    """The id of a phone's talk with Kimia, and how many messages it holds."""
    count = "SELECT count(*) FROM inbound_messages WHERE conversation_id = conversations.id"
    question = f"""SELECT conversations.id, ({count})
        FROM conversations JOIN addresses USING (subscriber_id)
        JOIN businesses ON businesses.id = conversations.business_id
        WHERE addresses.kind = 'phone' AND value = ? AND slug = 'kimia'"""
    database = f"file:{stack.folder / 'relais.db'}?mode=ro"
    with contextlib.closing(sqlite3.connect(database, uri=True, timeout=10)) as connection:
        talk, count = connection.execute(question, (phone,)).fetchone()
    return str(UUID(talk)), count


def acts(script: dict[str, Any]) -> list[dict[str, Any]]:
    return [{key: value for key, value in turn.items() if key in ACTS} for turn in script["turns"]]


@pytest.mark.parametrize("name", HELD)
def test_a_talk_becomes_a_test_that_passes(stack: Stack, name: str) -> None:
    (held,) = (script for script in SCRIPTS if script["name"] == name)
    hold_script(stack, held)
    talk, count = talk_of(stack, held["phone"])
    span = ("--from", str(count - len(held["turns"]) + 1), "--to", str(count))

    (saved,) = yaml.safe_load(written := relais(stack, "review", "test", talk, *span, "--name", name))

    assert acts(saved) == acts(held)
    assert (saved["name"], saved["language"]) == (name, held["language"])
    told = [each for turn in saved["turns"] for each in turn["expect"] if isinstance(each, str)]
    assert len(told) >= len(saved["turns"]), written
    hold_script(stack, saved)

    story = relais(stack, "review", "test", talk, *span, "--story")
    assert sum("user" in step for step in yaml.safe_load(story)["stories"][0]["steps"]) == len(held["turns"])
    if name == HELD[0]:
        expect_rasa_reads(story, len(held["turns"]))


def expect_rasa_reads(story: str, messages: int) -> None:
    """Rasa's own reader finds nothing in it to warn of, with our domain."""
    environment = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    command = [str(ROOT / "bot/.venv/bin/python"), "-c", READ]
    done = subprocess.run(command, input=story, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"{messages} []", done.stdout + done.stderr
