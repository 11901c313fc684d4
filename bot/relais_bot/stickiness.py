"""Decides in which language a turn is answered: pure, and the only place that knows how sticky a language is.

What people choose by name holds until they choose again. Otherwise a message that is clearly in the other
language switches; short or doubtful ones ("ok", a name, a code) never do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("fr", "en")
FALLBACK = "fr"

CHANGE_LANGUAGE = "change_language"
ADDRESS = "address"
NO_MEANING = ("nlu_fallback", "out_of_scope")

#: How sure the identifier must be before the very first answer.
FIRST_CONFIDENCE = 0.85
#: And before the language of a conversation under way changes: a sentence shows its language, a word or two (a
#: name, "menu", "no") must be beyond doubt.
SENTENCE_WORDS = 3
SENTENCE_CONFIDENCE = 0.9
WORD_LETTERS = 4
WORD_CONFIDENCE = 0.98


@dataclass(frozen=True)
class Language:
    """What the slots `language` and `language_chosen` hold."""

    name: str | None = None
    chosen: bool = False


def language_of_turn(
    before: Language, message: Mapping[str, Any], default: str | None, *, is_asked: bool = False
) -> Language:
    """The language of the turn that `message` (Rasa's parse data) opens. Always one the bot speaks.

    `is_asked`: a form waits for an answer. An address or a name is in the language of the place, not of the person.
    """
    named = _named(message)
    if named:
        return Language(name=named, chosen=True)
    established = before.name in LANGUAGES
    if established and (before.chosen or (is_asked and _means_nothing_else(message))):
        return before
    detected = message.get("language") or {}
    needed = _switch_confidence(message.get("text") or "") if established else FIRST_CONFIDENCE
    if detected.get("name") in LANGUAGES and detected.get("confidence", 0.0) >= needed:
        return Language(name=detected["name"])
    return Language(name=next(name for name in (before.name, default, FALLBACK) if name in LANGUAGES))


def _named(message: Mapping[str, Any]) -> str | None:
    if (message.get("intent") or {}).get("name") != CHANGE_LANGUAGE:
        return None
    values = [entity.get("value") for entity in message.get("entities") or [] if entity.get("entity") == "language"]
    return next((value for value in reversed(values) if value in LANGUAGES), None)


def _means_nothing_else(message: Mapping[str, Any]) -> bool:
    """Whether it is an answer, rather than a question in between."""
    is_address = any(entity.get("entity") == ADDRESS for entity in message.get("entities") or [])
    return is_address or (message.get("intent") or {}).get("name") in NO_MEANING


def _switch_confidence(text: str) -> float:
    if sum(any(map(str.isalpha, word)) for word in text.split()) >= SENTENCE_WORDS:
        return SENTENCE_CONFIDENCE
    is_word = sum(map(str.isalpha, text)) >= WORD_LETTERS
    return WORD_CONFIDENCE if is_word else float("inf")
