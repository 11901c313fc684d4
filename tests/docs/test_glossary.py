"""A word that the glossary writes as a name in the code is one."""

import re
from collections.abc import Iterator

from server.settings import ROOT
from tests.docs.pages import code_of

PACKAGES = (
    "actions",
    "backend",
    "bot/relais_bot",
    "channels",
    "clients/python",
    "conversations",
    "notifications",
    "server",
    "staff",
    "storage",
    "trade",
)
CLASS = re.compile(r"^(?:class |type )?([A-Z][a-z]\w*)\b(?=[(:\[]| =)", re.MULTILINE)
NAME = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)*")


def _classes() -> Iterator[str]:
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            yield from CLASS.findall(file.read_text(encoding="utf-8"))


def test_every_class_that_the_glossary_names_exists() -> None:
    named = {code for code in code_of(ROOT / "GLOSSARY.md") if NAME.fullmatch(code)}
    assert len(named) > 30
    assert named - set(_classes()) == set()
