"""How a phone network cuts a text into segments, each of which is sent and paid for by itself.

Letters of the GSM alphabet take 7 bits, and those of its extension table twice 7; one letter outside of both turns
the whole text into UCS-2. Sources: 3GPP TS 23.038 (alphabets), TS 23.040 (140 octets, 6 of them for joining).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MAX_GSM7: Final = 160
"""septets of a text that is one segment; 140 octets"""

MAX_GSM7_JOINED: Final = 153
"""septets of each segment of a longer text; 134 octets"""

MAX_UCS2: Final = 70
"""UTF-16 units of a text that is one segment"""

MAX_UCS2_JOINED: Final = 67
"""UTF-16 units of each segment of a longer text"""

GSM7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet. Of French it has à è é ù and Ç, and lacks â ê î ô û ë ï ç œ « » and the apostrophe ’."""

GSM7_EXTENSION: Final = frozenset("\f^{}\\[~]|€")
"""Two septets each: the escape and the letter."""


class Encoding(StrEnum):
    GSM7 = "gsm-7"
    UCS2 = "ucs-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmented:
    """A text as it goes over the air."""

    encoding: Encoding
    parts: tuple[str, ...] = field(repr=False)
    units: int
    """Septets or UTF-16 units of the whole text."""

    @property
    def count(self) -> int:
        """What is paid for."""
        return len(self.parts)


def segmented(text: str) -> Segmented:
    """The text's segments. None ends within a letter: neither after an escape nor between two surrogates."""
    encoding = Encoding.GSM7 if all(each in GSM7 or each in GSM7_EXTENSION for each in text) else Encoding.UCS2
    alone, joined = (MAX_GSM7, MAX_GSM7_JOINED) if encoding is Encoding.GSM7 else (MAX_UCS2, MAX_UCS2_JOINED)
    sizes = [_units(each, encoding) for each in text]
    parts = (text,) if sum(sizes) <= alone else tuple(_filled(text, sizes, joined))
    return Segmented(encoding=encoding, parts=parts, units=sum(sizes))


def _filled(text: str, sizes: list[int], most: int) -> list[str]:
    """Each part as full as it may be."""
    starts, units = [0], 0
    for index, size in enumerate(sizes):
        if units + size > most:
            starts.append(index)
            units = 0
        units += size
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _units(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if character in GSM7_EXTENSION else 1
    return 2 if character > "\uffff" else 1
