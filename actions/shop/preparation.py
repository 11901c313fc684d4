"""How something is to be, read out of what people write: "sans piment", "no onions", "bien cuit". Pure."""

import re

_STOP = (
    r"et|and|avec|with|mais|but|puis|then|svp|stp|please|pls|merci|thanks?|pour|for|une?|deux|trois|two|three|dans|in|sur|on"
    r"|je|j|i|maintenant|now|c'est|s'il|if|si|chacun|each"
)
_WORD = rf"(?!(?:{_STOP})(?!\w))[^\W\d_]+(?:['-][^\W\d_]+)*"
_WORDS = rf"{_WORD}(?: {_WORD}){{0,2}}(?: (?:ni|ou|or|nor) {_WORD})*"
#: What "no" and "pas de" begin that has nothing to do with a kitchen.
_MANNERS = r"thanks?|problems?|worries|one|need|more|idea|way|it|you|please|soucis?|probl[eè]mes?|doute|quoi|chance"
_TASTE = (
    r"[ée]pic[ée]e?s?|piment[ée]e?s?|sal[ée]e?s?|sucr[ée]e?s?|gras(?:se)?s?|piquante?s?"
    r"|spicy|hot|salty|sweet|oily|fatty"
)
_SEASONING = (
    r"piments?|sauce|sel|sucre|oignons?|mayo(?:nnaise)?|ketchup|huile|[ée]pices|glace|gla[çc]ons"
    r"|chill?i|pepper|salt|sugar|onions?|oil|spices?|ice"
)
_NOTE = re.compile(
    r"(?<!\w)(?:"
    rf"(?:sans|without) (?!(?:{_MANNERS})(?!\w))(?:(?:la|le|les|the|any) )?{_WORDS}"
    rf"|no (?!(?:{_MANNERS})(?!\w)){_WORDS}"
    rf"|pas (?:de |d')(?!(?:{_MANNERS})(?!\w)){_WORDS}"
    rf"|extra (?!(?:vierges?|virgin|fine?s?)(?!\w)){_WORD}"
    rf"|(?:beaucoup de|plein de|plus de|moins de|peu de|un peu de|lots of|more|less|a little) (?:{_SEASONING})(?!\w)"
    rf"|(?:pas (?:trop|tr[eè]s)|pas|peu|moins|bien|tr[eè]s|not (?:too|very)|not|very|less|extra) (?:{_TASTE})(?!\w)"
    r"|(?:bien|tr[eè]s|mi-) ?(?:cuite?s?|grill[ée]e?s?|chaude?s?|fra[iî]che?s?|dor[ée]e?s?)|well done|medium rare"
    rf"|{_WORD} (?:à part|a part|on the side)"
    r")",
    re.IGNORECASE,
)
_MARK = "§"


def marked(text: str) -> tuple[str, list[str]]:
    """The text with a mark and a number in place of each note, and the notes as they were typed."""
    notes: list[str] = []

    def mark(found: re.Match[str]) -> str:
        notes.append(" ".join(found.group().split()))
        return f" {_MARK}{len(notes) - 1} "

    return _NOTE.sub(mark, text.replace("’", "'").replace(_MARK, " ")), notes
