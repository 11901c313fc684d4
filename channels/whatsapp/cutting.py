"""Makes text fit: titles are cut between what a reader sees as characters, bodies split at pauses."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import regex

from channels.whatsapp.limits import length
from channels.whatsapp.spans import open_signs

ELLIPSIS: Final = "…"

_GRAPHEME: Final = regex.compile(r"\X")

_PAUSES: Final = (
    regex.compile(r"\n[ \t]*\n"),  # between paragraphs
    regex.compile(r"\n"),
    regex.compile(r"""(?<=[.!?…؟。]["'»”’)\]*_~]*)[ \t]"""),  # between sentences
    regex.compile(r"[ \t]"),  # between words; what a no-break space joins stays together
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Something was longer than its place: how long and how long it may be, in units, and not what it said."""

    field: str
    length: int
    limit: int


class Cuts:
    """Makes things fit and keeps a note of each that did not."""

    def __init__(self) -> None:
        self.made: list[Cut] = []

    def note(self, field: str, length: int, limit: int) -> None:
        self.made.append(Cut(field=field, length=length, limit=limit))

    def title(self, field: str, title: str, most: int) -> str:
        if length(title) > most:
            self.note(field, length(title), most)
        return cut(title, most)

    def titles(self, titles: Mapping[str, str], most: int) -> list[str]:
        """Titles by their fields: they fit and differ."""
        for field, title in titles.items():
            if length(title) > most:
                self.note(field, length(title), most)
        return cut_titles(titles.values(), most)

    def body(self, field: str, text: str, most: int) -> str:
        """What is styled where the text is cut stays styled up to there."""
        if length(text) <= most:
            return text
        self.note(field, length(text), most)
        signs = ""
        while True:
            kept = cut(text, most - length(signs)).removesuffix(ELLIPSIS)
            found = open_signs(text, len(kept))
            if len(found) <= len(signs):
                return kept + ELLIPSIS + found[::-1]
            signs = found


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
    """Parts that fit, parted between paragraphs if possible, else lines, sentences, words, characters.

    What is styled in one part goes on being so in the next.
    """
    return list(_parts(text.strip(), most))


def split_off_the_end(text: str, most: int) -> tuple[str, str]:
    """The last part that `split` would make, and all that goes ahead of it, however long."""
    text = end = text.strip()
    signs = ""
    while length(end) > most:
        start, signs = _end_of_part(end, most)
        end = signs + end[start:].lstrip()
    ahead = text[: len(text) - len(end) + len(signs)].rstrip()
    return ahead + signs[::-1], end


def _parts(text: str, most: int) -> Iterator[str]:
    while length(text) > most:
        end, signs = _end_of_part(text, most)
        yield text[:end].rstrip() + signs[::-1]
        text = signs + text[end:].lstrip()
    if text:
        yield text


def _end_of_part(text: str, most: int) -> tuple[int, str]:
    """Where to part, and the signs to close there and open again."""
    signs = ""
    while True:
        room = most - length(signs)
        end = _pause_before(text, _units_end(text, room))
        found = open_signs(text, end)
        if end <= length(found):  # too narrow to get on
            return _pause_before(text, _units_end(text, most)), ""
        if length(found) <= length(signs):
            return end, found
        signs = found


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
