"""The desk speaks both languages alike, and every name that a page uses is there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from notifications.access import Scope
from notifications.lanes import Lane
from notifications.plans.plan import State
from notifications.status import Status
from server.desk.app import PARTS
from server.desk.words import FOLDER, LANGUAGES, Words, topics
from staff import Role
from staff.audit import Deed

PAGES = sorted(FOLDER.parent.rglob("templates/**/*.html"))
PLACEHOLDER = re.compile(r"\{(\w+)\}")
USED = re.compile(r"\bw\.([a-z_]+(?:\.[a-z_]+)+)")


def leaves(words: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(words, Mapping):
        for key, value in words.items():
            yield from leaves(value, f"{name}.{key}" if name else str(key))
    else:
        yield name, words


@pytest.mark.parametrize("topic", topics())
def test_both_languages_have_the_same_words_with_the_same_gaps(topic: str) -> None:
    french, english = (dict(leaves(Words(language)[topic])) for language in LANGUAGES)
    assert french.keys() == english.keys()
    for name, words in french.items():
        assert isinstance(words, str), f"{topic}.{name} is {words!r}: write it in quotes"
        assert words.strip(), f"{topic}.{name} is empty"
        assert not set(name.split(".")) & set(dir(dict)), f"{topic}.{name}: a template would take it for a method"
        assert set(PLACEHOLDER.findall(words)) == set(PLACEHOLDER.findall(english[name])), name


def test_french_is_set_as_the_french_set_it() -> None:
    for file in FOLDER.glob("*.fr.yml"):
        for name, words in leaves(yaml.safe_load(file.read_text(encoding="utf-8"))):
            assert not re.search(r"(?<=\w)'(?=\w)", words), f"{file.name} {name}: an apostrophe is ’"
            loose = re.search(r"[^\u00a0\u202f\W] ?[?!;:»](?=\s|$)|« ", words)
            assert loose is None, f"{file.name} {name}: a space that breaks"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_a_page_names_is_there(language: str) -> None:
    words = Words(language)
    for page in PAGES:
        for name in USED.findall(page.read_text(encoding="utf-8")):
            found: Any = words
            for key in name.split("."):
                if not isinstance(found, Mapping):
                    break  # a method of a word
                assert key in found or key in dir(dict), f"{page.name} says w.{name}"
                found = found.get(key)


def test_every_entry_of_the_menu_has_a_word_and_a_drawing() -> None:
    drawings = (FOLDER.parent / "static/icons.svg").read_text(encoding="utf-8")
    for part in PARTS:
        for entry in part.menu:
            assert all(Words(language).find(entry.word) for language in LANGUAGES), entry.word
            assert f'id="{entry.icon}"' in drawings, entry.icon


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_chosen_or_kept_has_words(language: str) -> None:
    words = Words(language)
    for kind, told in (
        (Scope, words["console"]["api_keys"]["scope_does"]),
        (State, words["console"]["states"]),
        (Status, words["console"]["statuses"]),
        (Lane, words["console"]["lanes"]),
        (Role, words["access"]["roles"]),
        (Role, words["access"]["role_does"]),
        (Deed, words["access"]["audit"]["deeds"]),
    ):
        assert set(kind) == set(told), kind.__name__
