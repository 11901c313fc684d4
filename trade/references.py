"""References of mobile money: what an operator writes into its message, as people copy it."""

import re

MAX_REFERENCE = 64  # characters
FEWEST_DIGITS = 4

_SEPARATED = re.compile(r"[\d\s]+")
_WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_OURS = re.compile(r"(?:COUR|CMD|RCL|RECU)\b", re.IGNORECASE)  # codes of a business's own, which pay for nothing


def read_reference(text: str) -> str | None:
    """The one word of the text that can be a reference, in capitals. None where there is none, or more than one."""
    if _SEPARATED.fullmatch(text):
        text = "".join(text.split())  # "4417 8812 03"
    found = {word.upper() for word in _WORD.findall(text) if _can_be(word)}
    return found.pop() if len(found) == 1 else None


def _can_be(word: str) -> bool:
    digits = sum(character.isdigit() for character in word)
    return digits >= FEWEST_DIGITS and len(word) <= MAX_REFERENCE and not _OURS.match(word)
