"""Makes an SMS cheap: signs that would halve what fits into a segment are written more simply where that is enough."""

import unicodedata
from typing import Final

from channels.sms.segments import GSM7, GSM7_EXTENSION

GSM: Final = GSM7 | GSM7_EXTENSION
"""160 of these fit into one SMS, of anything else 70."""

_SIMPLER: Final = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"}
    | {"…": "...", "•": "-", "œ": "oe", "Œ": "OE", "×": "x", "−": "-"}
)


def simple(text: str) -> str:
    """The same words in the GSM alphabet, where that is enough ("prête" is "prete"); else the text itself."""
    if GSM.issuperset(text):
        return text
    simpler = "".join(sign if sign in GSM else _without_accent(sign) for sign in text.translate(_SIMPLER))
    return simpler if GSM.issuperset(simpler) else text


def _without_accent(sign: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", sign) if not unicodedata.combining(part))
