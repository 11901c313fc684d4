"""Reads the lists of words that `lint` compares with: content/<list>.<language>.txt, one word or phrase a line."""

from functools import cache
from pathlib import Path

from channels.whatsapp.templates.lint.finding import WordLists

CONTENT = Path(__file__).parent / "content"


@cache
def word_lists() -> WordLists:
    """The lists that come with Relais."""
    return WordLists(
        promotional=_by_language("promotional"),
        everyday=_by_language("everyday"),
        shorteners=_lines(CONTENT / "shorteners.txt"),
    )


def _by_language(name: str) -> dict[str, frozenset[str]]:
    return {file.name.split(".")[1]: _lines(file) for file in sorted(CONTENT.glob(f"{name}.*.txt"))}


def _lines(file: Path) -> frozenset[str]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
