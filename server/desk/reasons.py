"""Why messages failed, in the reader's language: known codes have words, others are shown as the provider said it."""

from typing import Final

from server.desk.words import Words

_PERMISSIONS: Final = range(200, 300)
"""Meta's codes for a missing permission, all of which mean the same."""


def reason_of(words: Words, channel: str, code: int | None) -> str | None:
    """What this code of this channel means and what to do about it; None for one without words."""
    known = words["failures"].get(channel, {})
    if code is None:
        return None
    name = "c200" if channel == "whatsapp" and code in _PERMISSIONS else f"c{code}"
    found: str | None = known.get(name)
    return found
