"""Hides what could tell who somebody is from those who need not know; pure."""

import re
from typing import Final

MASK: Final = "•••"

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_NUMBER: Final = re.compile(r"\+?\d(?:[\s.\-()/]{0,2}\d){4,}")
"""Five digits or more, however they are grouped: phones, codes, references, card numbers."""


def masked(text: str) -> str:
    """The text without addresses and without numbers of five digits or more."""
    return _NUMBER.sub(MASK, _EMAIL.sub(MASK, text))


SOMEBODY: Final = "X"
"""Stands for a name in a line that is taught."""

MOST_CHARACTERS: Final = 300
"""Of a line that is taught: what is longer says nothing more of one meaning. Our choice."""

_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_INTRODUCED: Final = re.compile(
    r"(?i:\b(?:je m['’]appelle|mon nom est|moi c['’]est|au nom de|my name is|in the name of|"
    r"m(?:r|me|lle|rs|s)?\.?|monsieur|madame|mademoiselle)\s+)((?:[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*\s?){1,2})"
)
_CAPITALISED: Final = re.compile(r"(?<![\w'’-])[^\W\d_a-z][^\W\d_]*[a-zà-ÿ][^\W_]*(?:[-'’][^\W_]+)*")
_BEGINNING: Final = re.compile(r"(?:^|[.!?:;\n]\s*)[^\w]*$")
_NO_NAMES: Final = frozenset(
    [
        "whatsapp",
        "facebook",
        "airtel",
        "mobile",
        "money",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "i'm",
        "i’m",
        "i'd",
        "i’d",
        "i'll",
        "i’ll",
        "i've",
        "i’ve",
        "ok",
        "sms",
        "mr",
        "mrs",
        "ms",
        "mme",
        "mlle",
        "monsieur",
        "madame",
        "mademoiselle",
        "french",
        "english",
        "bonjour",
        "bonsoir",
        "merci",
        "salut",
        "hello",
        "hi",
        "please",
        "thanks",
        "je",
        "j'ai",
        "j’ai",
    ]
)
"""Written with a capital letter within a sentence, and nobody's name."""


def taught(text: str, names: str = "") -> str:
    """The text as a line to learn from: in one line, without numbers, addresses, links, or the person's own `names`.

    Also words that look like somebody's name go: introduced as one, or with a capital letter within a sentence. A name
    in small letters is not recognised: whoever reviews the line sees it as it will be taught.
    """
    line = " ".join(_EMAIL.sub("x@example.com", _LINK.sub("https://example.com", text)).split())
    line = _NUMBER.sub(lambda found: re.sub(r"\d", "0", found[0]), line)
    for name in {each for each in re.split(r"[\W\d_]+", names) if len(each) > 2}:
        line = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", SOMEBODY, line)
    line = _INTRODUCED.sub(lambda found: found[0].replace(found[1], SOMEBODY + " " * found[1].endswith(" ")), line)
    line = _CAPITALISED.sub(lambda found: _unless_a_name(found, line), line)
    # In training data brackets mark an entity.
    line = line.translate(str.maketrans("[]{}", "()()"))
    return line if len(line) <= MOST_CHARACTERS else line[:MOST_CHARACTERS].rpartition(" ")[0]


def _unless_a_name(found: re.Match[str], line: str) -> str:
    word = found[0]
    begins = _BEGINNING.search(line[: found.start()]) is not None
    return word if begins or word.casefold() in _NO_NAMES else SOMEBODY
