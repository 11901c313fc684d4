"""The page's own words, in the reader's language: content/labels.<locale>.yml, chosen by Accept-Language."""

from functools import cache
from pathlib import Path

import yaml

LOCALES = ("en", "fr")  # the first is for everyone else
CONTENT = Path(__file__).with_name("content")


class Labels:
    """`labels("server_away", url=…)` is a sentence; a key that does not exist is a programming error."""

    def __init__(self, locale: str, words: dict[str, str]) -> None:
        self.locale = locale
        self._words = words

    def __call__(self, key: str, **values: object) -> str:
        return self._words[key] % values if values else self._words[key]

    def keys(self) -> frozenset[str]:
        return frozenset(self._words)


@cache
def labels_for(locale: str) -> Labels:
    words = yaml.safe_load((CONTENT / f"labels.{locale}.yml").read_text(encoding="utf-8"))
    return Labels(locale, words)


def locale_of(accept_language: str) -> str:
    """The best of our locales for an Accept-Language header such as `fr-CG,fr;q=0.9,en;q=0.8`."""
    wishes = sorted(map(_wish, accept_language.split(",")), key=lambda wish: -wish[1])
    return next((language for language, weight in wishes if language in LOCALES and weight > 0), LOCALES[0])


def _wish(part: str) -> tuple[str, float]:
    language, _, weight = part.strip().partition(";q=")
    try:
        return language.lower().partition("-")[0], float(weight or 1)
    except ValueError:
        return "", 0.0
