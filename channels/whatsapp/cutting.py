"""Makes text fit: titles are cut between what a reader sees as characters, bodies split at pauses."""

from collections.abc import Iterable, Iterator
from typing import Final

import regex

from channels.whatsapp.limits import length

ELLIPSIS: Final = "…"

_GRAPHEME: Final = regex.compile(r"\X")

_PAUSES: Final = (
    regex.compile(r"\n[ \t]*\n"),  # between paragraphs
    regex.compile(r"\n"),
    regex.compile(r"""(?<=[.!?…؟。]["'»”’)\]*_~]*)[ \t]"""),  # between sentences
    regex.compile(r"[ \t]"),  # between words; what a no-break space joins stays together
)


def cut(text: str, most: int) -> str:
    """The text itself where it fits, else its beginning and an ellipsis."""
    if length(text) <= most:
        return text
    return text[: _last_grapheme_end(text, _units_end(text, most - length(ELLIPSIS)))].rstrip() + ELLIPSIS


def cut_titles(titles: Iterable[str], most: int) -> list[str]:
    """Titles that fit and differ: those that would read the same are numbered."""
    made: list[str] = []
    for title in titles:
        candidate, count = cut(title, most), 1
        while candidate in made:
            count += 1
            number = f" {count}"
            candidate = cut(title, most - length(number)) + number
        made.append(candidate)
    return made


def split(text: str, most: int) -> list[str]:
    """Parts that fit, parted between paragraphs if possible, else lines, sentences, words, characters."""
    return list(_parts(text.strip(), most))


def _parts(text: str, most: int) -> Iterator[str]:
    while length(text) > most:
        end = _pause_before(text, _units_end(text, most))
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def _pause_before(text: str, end: int) -> int:
    for pause in _PAUSES:
        # Two further characters let a pause be seen that begins right at the end.
        starts = [match.start() for match in pause.finditer(text, 0, end + 2) if 0 < match.start() <= end]
        if starts:
            return starts[-1]
    # A single character longer than a message is cut through: it must end somewhere.
    return _last_grapheme_end(text, end) or end


def _last_grapheme_end(text: str, end: int) -> int:
    last: int = 0
    for match in _GRAPHEME.finditer(text):
        if match.end() > end:
            break
        last = match.end()
    return last


def _units_end(text: str, most: int) -> int:
    """How many code points of the text fit into so many units."""
    units = 0
    for index, character in enumerate(text):
        units += length(character)
        if units > most:
            return index
    return len(text)
