"""Headers of an email as bytes can carry them: folded lines of ASCII, other letters in encoded words (RFC 2047).

Written by hand: Python's own takes milliseconds for one email, and encodes long addresses of pages, which nobody could
follow then.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Final

from channels.email.message import Mailbox

LINE: Final = 76
"""characters of a line that may be folded, its end not counted; RFC 5322 recommends 78, RFC 2047 wants 76"""

_WORD_BYTES: Final = 36
"""octets in one encoded word. Base64 makes 48 characters of them, 12 stand around those, and the name before the first
one stays within the 76 of its line"""

_PLAIN: Final = re.compile(r"[!-~]+(?: [!-~]+)*")
"""ASCII words with one space between them: what can stand as it is, and be folded at its spaces."""

_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
"""What a name may hold without quotes; RFC 5322, 3.2.3"""

_ENCODED: Final = "=?"
"""Text that looks like an encoded word would be taken for one."""


def text_header(name: str, value: str) -> str:
    """A header whose value is read by people, such as a subject."""
    if _PLAIN.fullmatch(value) and _ENCODED not in value:
        return _folded(name, value.split(" "))
    return _folded(name, list(_encoded_words(value)))


def mailbox_header(name: str, mailbox: Mailbox) -> str:
    if not mailbox.name:
        return one_line_header(name, mailbox.address)
    return _folded(name, [*_phrase(mailbox.name), f"<{mailbox.address}>"])


def one_line_header(name: str, value: str) -> str:
    """A header that programs read and that is never folded, such as the address of a page."""
    return f"{name}: {value}\r\n"


def _phrase(text: str) -> list[str]:
    """The name before an address."""
    if not text.isascii() or _ENCODED in text:
        return list(_encoded_words(text))
    if _ATOMS.fullmatch(text):
        return text.split()
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return [f'"{escaped}"']


def _encoded_words(text: str) -> Iterator[str]:
    """Each holds whole letters."""
    word = b""
    for letter in text:
        octets = letter.encode()
        if len(word) + len(octets) > _WORD_BYTES:
            yield _encoded_word(word)
            word = b""
        word += octets
    if word or not text:
        yield _encoded_word(word)


def _encoded_word(octets: bytes) -> str:
    return f"=?utf-8?b?{b64encode(octets).decode()}?="


def _folded(name: str, words: list[str]) -> str:
    """A line ends before a word that has no more room; the space before it begins the next line."""
    lines, line = [], f"{name}:"
    for index, word in enumerate(words):
        if index and len(line) + 1 + len(word) > LINE:
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return "\r\n".join([*lines, line]) + "\r\n"
