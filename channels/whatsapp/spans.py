"""Where WhatsApp's own markup styles a text. Pure."""

from typing import Final

import regex

_MONO: Final = regex.compile(r"```(?:(?!```).)+```", regex.DOTALL)

_WITHIN_A_LINE: Final = tuple(
    regex.compile(rf"(?<![^\W_]){sign}(?=[^\s{sign}])[^{sign}\n]*[^{sign}\n\s]{sign}(?![^\W_])")
    for sign in (r"\*", "_", "~", "`")
)
"""A sign counts when it hugs its words, and no letter or digit touches it from outside."""


def open_signs(text: str, position: int) -> str:
    """The signs that were opened before this position and are closed behind it, outermost first."""
    for match in _MONO.finditer(text):
        if match.start() < position < match.end():
            return "```"
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start:] if end == -1 else text[start:end]
    opened = sorted(
        match.start()
        for pattern in _WITHIN_A_LINE
        for match in pattern.finditer(line)
        if match.start() < position - start < match.end()
    )
    return "".join(line[at] for at in opened)
