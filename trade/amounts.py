"""Amounts of money as people type them: "10 000 f", "10k", "2,5k", "dix mille francs", "ten thousand"."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import get_currency_precision

from trade.money import LARGEST_AMOUNT

# "2.5.7" is one word, and none that is an amount.
_TOKEN = re.compile(r"(?<![\w.,])\d+(?:[ .,']\d+)*(?!\.\d)|[a-z]+|[^\sa-z-]")
_GROUPED = re.compile(r"\d{1,3}(?:[ .,']\d{3})+")
_GROUPED_WITH_DECIMALS = re.compile(r"\d{1,3}(?:(?:[ .']\d{3})+,|(?:[ ,']\d{3})+\.)\d{1,3}")
_UNITS = {
    word: value
    for value, words in {
        1: "un une one",
        2: "deux two",
        3: "trois three",
        4: "quatre four",
        5: "cinq five",
        6: "six",
        7: "sept seven",
        8: "huit eight",
        9: "neuf nine",
        10: "dix ten",
        11: "onze eleven",
        12: "douze twelve",
        13: "treize thirteen",
        14: "quatorze fourteen",
        15: "quinze fifteen",
        16: "seize sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "vingt twenty",
        30: "trente thirty",
        40: "quarante forty",
        50: "cinquante fifty",
        60: "soixante sixty",
        70: "septante seventy",
        80: "quatrevingt quatrevingts eighty",
        90: "nonante ninety",
    }.items()
    for word in words.split()
}
_HUNDREDS = {"cent", "cents", "hundred"}
_POWERS = {
    word: Decimal(10) ** power
    for power, words in {3: "k mille thousand", 6: "million millions"}.items()
    for word in words.split()
}
_SMALLEST_TEN = 20
_ONE_HALF = Decimal("0.5")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_HALF = {"demi", "demie", "half"}
_AND = {"et", "and", "a"}
_NO_AMOUNT = {"un", "une", "one"}  # "un gâteau" says what it is, not what it is worth
# What may stand around a small number alone: "neuf euros" is an amount, "un téléphone neuf" is none.
_AROUND = re.compile(
    r"c|s|t|it|est|is|environ|about|around|peu|pres|a|de|of|le|la|the|vaut|worth|ca|coute|costs?|soit|only|juste"
    r"|francs?|f|x[ao]f|f?cfa|tnd|dt|dinars?|euros?|eur"
)
# "5 kg de riz": how much of it, not how much it is worth.
_MEASURES = re.compile(r"kg|kilos?|gr?|grammes?|grams?|l|lit[re]{2}s?|cl|ml|mg|cm|m|km|h|min|heures?|hours?")


def read_amount(text: str, currency: str) -> Decimal | None:
    """The first amount in the text, in figures, in words or in both; None where there is none the currency can have."""
    tokens = _tokens(_plain(text))
    for start, end in _runs(tokens):
        if _is_amount(tokens, start, end):
            return _checked(_value(tokens[start:end], currency), currency)
    return None


def _checked(amount: Decimal | None, currency: str) -> Decimal | None:
    """Nothing that is too large, or that has more decimals than the currency."""
    if amount is None or amount > LARGEST_AMOUNT:
        return None
    exponent = Decimal(1).scaleb(-get_currency_precision(currency))
    return amount.quantize(exponent) if amount == amount.quantize(exponent) else None


def _plain(text: str) -> str:
    """Small letters, no accents, ordinary spaces and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_APOSTROPHES))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.split())


def _tokens(written: str) -> list[str]:
    """Figures, words and signs; a hyphen only joins words."""
    return _TOKEN.findall(re.sub(r"quatre[ -]vingt", "quatrevingt", written))


def _runs(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """Where numbers stand in a row, as "2 millions 500 mille" or "deux cent et un"."""
    place = 0
    while place < len(tokens):
        end = place
        while end < len(tokens) and (_is_number(tokens[end]) or _joins(tokens, place, end)):
            end += 1
        if end > place:
            yield place, end
        place = max(end, place + 1)


def _is_number(token: str) -> bool:
    return token[0].isdigit() or token in _UNITS or token in _HUNDREDS or token in _POWERS


def _joins(tokens: list[str], start: int, place: int) -> bool:
    """Whether the word belongs into the number: "cent et un", "un million et demi", "half a million"."""
    before = tokens[place - 1] if place > start else ""
    after = tokens[place + 1] if place + 1 < len(tokens) else ""
    if tokens[place] in _HALF:
        ahead = tokens[place + 2] if after == "a" and place + 2 < len(tokens) else after
        return before in _AND or ahead in _POWERS
    if not before or tokens[place] not in _AND:
        return False
    if before in _HALF:
        return after in _POWERS
    if after in _NO_AMOUNT:  # "mille francs et un gâteau" is not 1001
        return before in _HUNDREDS or (before in _UNITS and _UNITS[before] >= _SMALLEST_TEN)
    return after in _HALF or after == "a" or (_is_number(after) and not after[0].isdigit())


def _is_amount(tokens: list[str], start: int, end: int) -> bool:
    run = tokens[start:end]
    if tokens[end : end + 1] and _MEASURES.fullmatch(tokens[end]) and run[-1][0].isdigit():
        return False
    if any(token[0].isdigit() or token in _HUNDREDS or token in _POWERS for token in run):
        return True
    small = [token for token in run if token in _UNITS]
    if not set(small) - _NO_AMOUNT:
        return False
    return len(small) > 1 or all(
        _AROUND.fullmatch(token) for token in (*tokens[:start], *tokens[end:]) if token.isalpha()
    )


def _value(run: list[str], currency: str) -> Decimal | None:
    whole, part, power = Decimal(0), Decimal(0), Decimal(1)
    for place, token in enumerate(run):
        if token[0].isdigit():
            figures = _figures(token, currency, is_alone=len(run) == 1)
            if figures is None:
                return None
            part += figures
        elif token in _UNITS:
            part += _UNITS[token]
        elif token in _HUNDREDS:
            part = max(part, Decimal(1)) * 100
        elif token in _POWERS:
            power = _POWERS[token]
            whole, part = whole + (part or Decimal(1)) * power, Decimal(0)
        elif token in _HALF:
            part, whole = (part + _ONE_HALF, whole) if place == 0 or not whole else (part, whole + power * _ONE_HALF)
    return whole + part


def _figures(figures: str, currency: str, *, is_alone: bool) -> Decimal | None:
    """Signs between groups of three digits are for the eye; a last one may be a decimal point."""
    if _GROUPED_WITH_DECIMALS.fullmatch(figures):
        whole, decimals = re.split(r"[.,](?=\d+$)", figures)
        return Decimal(f"{re.sub(r'\D', '', whole)}.{decimals}")
    if _GROUPED.fullmatch(figures) and not (is_alone and _may_be_decimals(figures, currency)):
        return Decimal(re.sub(r"\D", "", figures))
    try:
        return Decimal(figures.replace(" ", "").replace(",", "."))
    except ArithmeticError:
        return None


def _may_be_decimals(figures: str, currency: str) -> bool:
    """Whether what follows the sign are millimes: "18.500" is 18 dinars and a half, and 18 500 francs."""
    return get_currency_precision(currency) == 3 and re.fullmatch(r"\d{1,3}[.,]\d{3}", figures) is not None
