"""What the people of the load say, and how an answer must read for a run to count."""

from pathlib import Path

import yaml

from benchmarks.sides import Person, RunInvalid

GREETING = "Bonjour"
BUSINESS = "Kimia Express"

_RESPONSES = Path(__file__).resolve().parent.parent / "data/responses/small_talk.yml"
_MARKS = ("TIMELINE", "En transit", "25 Rue Malanda", "Jean Malonga")
"""Words of the famous delivery's timeline that no apology and no other answer has."""


def tracking(person: Person) -> str:
    """The question that runs the custom action."""
    return f"Où est ma commande {person.code} ?"


class Expected:
    """Checks answers of both sides; the same delivery must read the same on both."""

    def __init__(self) -> None:
        responses = yaml.safe_load(_RESPONSES.read_text(encoding="utf-8"))["responses"]["utter_greet"]
        self._greetings = {
            each["text"].format(business_name=BUSINESS)
            for each in responses
            if {"type": "slot", "name": "language", "value": "fr"} in each["condition"]
        }
        self._timelines: dict[str, str] = {}

    def greeting(self, person: Person, text: str) -> None:
        """Raises RunInvalid unless it is one of the French greetings."""
        if text not in self._greetings:
            raise RunInvalid(f"a greeting was answered with: {text}")

    def timeline(self, person: Person, text: str) -> None:
        """Raises RunInvalid unless it is the timeline of this person's delivery."""
        known = self._timelines.setdefault(person.code, text)
        if text != known or person.code not in text or any(mark not in text for mark in _MARKS):
            raise RunInvalid(f"the question for {person.code} was answered with: {text}")
