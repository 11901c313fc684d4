"""Makes messages comparable before they are classified: pure functions from text to text."""

import re
import unicodedata
from importlib.resources import files

#: Longer messages say nothing more about their intent, and n-grams cost time by the character.
MAX_CHARACTERS = 1000

#: A delivery's, an order's or a claim's: COUR-20250127-061, CMD-20250127-012, RCL-20250127-003.
CODE = re.compile(
    r"(?<!\w)(cour|cmd|rcl)[\W_]{0,3}(\d{4})[\W_]{0,3}(\d{2})[\W_]{0,3}(\d{2})[\W_]{0,3}(\d{3})(?!\d)",
    re.IGNORECASE,
)

# Stand-ins are letters no message contains: what matters is that there was a code, not which.
_CODE_MARK = " ⌂ "
_NUMBER_MARK = " # "
_LINK_MARK = " ↗ "

_LINK = re.compile(r"https?://\S+|www\.\S+")
_NUMBER = re.compile(r"\+?\d(?:[\s.-]?\d){2,}")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_SPACES = re.compile(r"\s+")
_SIGNS = re.compile(r"([?!.,;:()…]+)")


def _spellings() -> "dict[str, str]":
    lines = files(__package__).joinpath("spellings.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


_SPELLINGS = _spellings()


def normalise(text: str) -> str:
    """For meaning: case, accents, codes, numbers, "heyyyy", "slt" and "pls" no longer make a difference."""
    decomposed = unicodedata.normalize("NFKD", _shared(text))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    words = _SIGNS.sub(r" \1 ", _REPEATED.sub(r"\1\1", bare)).split()
    return " ".join(_SPELLINGS.get(word, word) for word in words)


def normalise_for_language(text: str) -> str:
    """For telling languages apart: accents stay, they are the best hint there is."""
    composed = unicodedata.normalize("NFKC", _shared(text))
    letters = "".join(c if c.isalpha() or c in "' " else " " for c in composed)
    return _SPACES.sub(" ", _REPEATED.sub(r"\1\1", letters)).strip()


def _shared(text: str) -> str:
    text = _INVISIBLE.sub("", text[:MAX_CHARACTERS]).translate(_APOSTROPHES).lower()
    text = _LINK.sub(_LINK_MARK, text)
    return _NUMBER.sub(_NUMBER_MARK, CODE.sub(_CODE_MARK, text))
