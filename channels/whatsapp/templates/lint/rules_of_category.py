"""Rules of category and language: what a text may say in the category and language it is filed under."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from channels.whatsapp.templates.definition import Definition, OneTimeCode
from channels.whatsapp.templates.lint.finding import Finding, WordLists, error, warning
from channels.whatsapp.templates.variables import VARIABLE

TTL_SECONDS: Final = {
    "authentication": range(30, 900 + 1),
    "utility": range(30, 43_200 + 1),
    "marketing": range(43_200, 2_592_000 + 1),
}
"""How long Meta may try to deliver one; reported by YCloud, unverified."""

NO_LIMIT: Final = -1
"""30 days; reported by YCloud."""

CLEAR_WORDS: Final = 3
"""So many everyday words of another language, and twice as many as of its own, tell that a text is in it."""


def rules_of_category(definition: Definition, words: WordLists) -> Iterator[Finding]:
    yield from _promotion(definition, words)
    yield from _language(definition, words)
    yield from _ttl(definition)
    yield from _authentication(definition)


def _promotion(definition: Definition, words: WordLists) -> Iterator[Finding]:
    text = _plain(" ".join(text for _, text in definition.texts()))
    promotional = words.promotional.get(_base(definition.language), frozenset())
    found = sorted(phrase for phrase in promotional if f" {phrase} " in f" {text} ")
    if definition.category == "utility":
        if found:
            problem = f"says {', '.join(found[:3])}, which is marketing"
            remedy = "Say only what the person's own order needs, or set category: marketing"
            yield warning("promotional_words", "body", problem, remedy)
        if not definition.variables:
            remedy = "Name the person's own delivery, order or account, or set category: marketing"
            yield warning("utility_without_reference", "body", "refers to nothing of the person's own", remedy)
    if definition.category == "marketing" and not found and definition.variables and _looks_transactional(definition):
        remedy = "If it only tells news of an order, category: utility costs less and reaches more people"
        yield warning("category_doubtful", "category", "is marketing, and nothing in it promotes", remedy)


def _looks_transactional(definition: Definition) -> bool:
    return any(
        name in {"code", "order", "delivery_code", "tracking_code", "reference"} for name in definition.variables
    )


def _language(definition: Definition, words: WordLists) -> Iterator[Finding]:
    own = _base(definition.language)
    if own not in words.everyday:
        return
    text = set(_plain(" ".join(VARIABLE.sub(" ", text) for _, text in definition.texts())).split())
    counts = {language: len(text & known) for language, known in words.everyday.items()}
    for language, count in counts.items():
        if language != own and count >= CLEAR_WORDS and count > 2 * counts[own]:
            problem = f"is {own}, and the text reads like {language}"
            yield error("language_mismatch", "language", problem, "Translate the text, or correct the language")


def _ttl(definition: Definition) -> Iterator[Finding]:
    ttl, allowed = definition.ttl_seconds, TTL_SECONDS[definition.category]
    if ttl is not None and ttl != NO_LIMIT and ttl not in allowed:
        problem = f"is outside of what {definition.category} may have"
        yield error("ttl", "ttl_seconds", problem, f"Choose {allowed.start} to {allowed.stop - 1} seconds")


def _authentication(definition: Definition) -> Iterator[Finding]:
    is_code = definition.category == "authentication"
    if definition.authentication is not None and not is_code:
        yield error("authentication", "authentication", "stands in another category", "Set category: authentication")
    has_otp = any(isinstance(button, OneTimeCode) for button in definition.buttons)
    if has_otp and not is_code:
        yield error("authentication", "buttons", "hold an otp button", "Use copy_code, or category: authentication")
    if not is_code:
        return
    for field in ("header", "body", "footer"):
        if getattr(definition, field) is not None:
            remedy = "Leave it out: the words of a code are Meta's; see authentication"
            yield error("authentication", field, "is given", remedy)
    if len(definition.buttons) != 1 or not has_otp:
        yield error("authentication", "buttons", "are not one otp button", "Add one button of type otp, nothing else")


def _base(language: str) -> str:
    return language.split("_")[0]


def _plain(text: str) -> str:
    """Words in small letters without accents, one space between them."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9%]+", " ", letters.replace("%", " % ")).strip()
