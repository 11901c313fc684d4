"""Amounts of money as people type them: "10 000 f", "10k", "2,5k", "dix mille francs", "ten thousand"."""

import re
import unicodedata
from decimal import Decimal

from babel.numbers import get_currency_precision

from trade.money import LARGEST_AMOUNT

_FIGURES = re.compile(r"(?<![\w.,])(\d+(?:[ .,']\d+)*)(?: ?(k|mille|thousand|millions?)(?!\w))?")
_GROUPED = re.compile(r"\d{1,3}(?:[ .,']\d{3})+")
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
_NO_AMOUNT = {"un", "une", "one"}  # "un gâteau" says what it is, not what it is worth


def read_amount(text: str, currency: str) -> Decimal | None:
    """The amount in the text, in figures or in words; None where there is none that this currency can have."""
    written = _plain(text)
    amount = _in_figures(written, currency)
    if amount is None:
        amount = _in_words(written)
    if amount is None or amount > LARGEST_AMOUNT:
        return None
    exponent = Decimal(1).scaleb(-get_currency_precision(currency))
    return amount.quantize(exponent) if amount == amount.quantize(exponent) else None


def _plain(text: str) -> str:
    """Small letters, no accents, ordinary spaces."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.split())


def _in_figures(written: str, currency: str) -> Decimal | None:
    found = _FIGURES.search(written)
    if found is None:
        return None
    figures, power = found[1], found[2]
    if _GROUPED.fullmatch(figures) and not _may_be_decimals(figures, currency):
        amount = Decimal(re.sub(r"\D", "", figures))
    else:
        try:
            amount = Decimal(figures.replace(" ", "").replace(",", "."))
        except ArithmeticError:
            return None
    return amount * _POWERS[power] if power else amount


def _may_be_decimals(figures: str, currency: str) -> bool:
    """Whether what follows the sign are millimes: "18.500" is 18 dinars and a half, and 18 500 francs."""
    return get_currency_precision(currency) == 3 and re.fullmatch(r"\d{1,3}[.,]\d{3}", figures) is not None


def _in_words(written: str) -> Decimal | None:
    words = re.findall(r"[a-z]+", re.sub(r"quatre[ -]vingt", "quatrevingt", written))
    numbers = [word for word in words if word in _UNITS or word in _HUNDREDS or word in _POWERS]
    if not set(numbers) - _NO_AMOUNT:
        return None
    whole, part = Decimal(0), Decimal(0)
    for word in numbers:
        if word in _UNITS:
            part += _UNITS[word]
        elif word in _HUNDREDS:
            part = max(part, Decimal(1)) * 100
        else:
            whole, part = whole + max(part, Decimal(1)) * _POWERS[word], Decimal(0)
    return whole + part
