"""Text of others, made safe inside WhatsApp's markup."""

import re
import unicodedata
from collections.abc import Iterator

ELLIPSIS = "…"

ZERO_WIDTH_NON_JOINER = "\u200c"
ZERO_WIDTH_JOINER = "\u200d"

# WhatsApp has no escape character, so a marker becomes the sign that looks like it.
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "’"})

_MARKERS = re.compile(r"[*_~`]")

# At the start of a line these would open a quote or a bullet. ("1." cannot be told from a house number.)
_LINE_STARTERS = str.maketrans({">": "›", "-": "‐"})

# Joiners live inside emoji and some scripts; every other invisible format character can only deceive.
_JOINERS = ZERO_WIDTH_JOINER + ZERO_WIDTH_NON_JOINER


def plain(text: str) -> str:
    """One line of text that cannot break the markup, the lines or the reading direction around it."""
    # What Python calls printable holds nothing that `_visible` looks for, and is most of what people type.
    visible = text if text.isprintable() else "".join(_visible(character) for character in text)
    line = " ".join(visible.split()).strip(_JOINERS)
    if _MARKERS.search(line):
        line = line.translate(_LOOKALIKES)
    return line[:1].translate(_LINE_STARTERS) + line[1:] if line.startswith((">", "-")) else line


def shorten(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, cut between two graphemes and ended by "…".

    UTF-16, because Meta does not say what a "character" of its limits is, and this is the strictest.
    """
    # No sign takes more than two units: most texts need no counting.
    if 2 * len(text) <= limit or _units(text) <= limit:
        return text
    kept, left = "", limit - _units(ELLIPSIS)
    for grapheme in _graphemes(text):
        left -= _units(grapheme)
        if left < 0:
            break
        kept += grapheme
    return kept.rstrip() + ELLIPSIS


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if category in {"Cf", "Cs", "Co"} and character not in _JOINERS:
        return ""
    return character


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _graphemes(text: str) -> Iterator[str]:
    """What a reader sees as single signs; close to UAX 29 without its tables."""
    grapheme = ""
    for character in text:
        if grapheme and not _continues(grapheme, character):
            yield grapheme
            grapheme = ""
        grapheme += character
    if grapheme:
        yield grapheme


def _continues(grapheme: str, character: str) -> bool:
    if character in _JOINERS or grapheme[-1] == ZERO_WIDTH_JOINER:
        return True
    if unicodedata.category(character) in {"Mn", "Me", "Mc"}:
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff":  # skin tones
        return True
    return _is_flag_half(character) and _is_flag_half(grapheme[0]) and len(grapheme) == 1


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
