"""Which of several things is meant by some words, typos and plurals forgiven. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from trade.merchants import Category, Merchant
from trade.products import Product

ALIKE = 78  # of 100: "pizaa" is as near to "pizza" as that
LONGEST_EXACT = 4  # letters; in so short a word every typo makes another word: "coca" is no "coco"
SHORTEST_BEGINNING = 3  # letters: "broch" finds brochettes
SAME_NAME = 90  # of 100

# Kinds of shop by the words for what one wants of them; a category is of the kind whose stem begins its id or name.
_KINDS = {
    "restau": "restaurant resto restos manger mange bouffe bouffer faim repas plat dejeuner diner menu carte cuisine"
    " food eat eating hungry meal dish lunch dinner breakfast kolia makla njou3",
    "pharma": "pharmacie parapharmacie medicament medoc remede pharmacy drugstore medicine drug",
    "parapharma": "pharmacie parapharmacie medicament medoc remede pharmacy drugstore medicine drug",
    "superm": "supermarche courses course alimentation supermarket grocery groceries epicerie",
    "epicer": "epicerie courses course alimentation supermarche supermarket grocery groceries",
    "boulang": "boulangerie boulanger patisserie viennoiserie bakery pastry pastries",
}


def bare(text: str) -> str:
    """Small letters without accents; ligatures and apostrophes as one types them."""
    plain = text.casefold().replace("œ", "oe").replace("’", "'")
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))


def is_like(wanted: str, word: str) -> bool:
    """The word, its plural, its beginning, or a typo behind its first letter: "boisson" is no "poisson"."""
    wanted, word = _singular(wanted), _singular(word)
    if word == wanted or (len(wanted) >= SHORTEST_BEGINNING and word.startswith(wanted)):
        return True
    if min(len(wanted), len(word)) <= LONGEST_EXACT or _sound(wanted) != _sound(word):
        return False
    return fuzz.ratio(wanted, word) >= ALIKE


def covers(words: str, text: str) -> bool:
    """Whether every word that is wanted, or one like it, stands in the text; also written in one ("sakasaka")."""
    wanted, found = _words(words), _words(text)
    in_one = re.sub(r"\W", "", bare(text))
    return bool(wanted) and all(
        any(is_like(each, word) for word in found) or (len(each) > LONGEST_EXACT and is_like(each, in_one))
        for each in wanted
    )


def touches(words: str, text: str) -> bool:
    """Whether any of the words, or one like it, stands in the text."""
    return any(covers(word, text) for word in _words(words))


def hits(words: str, products: Iterable[Product]) -> tuple[Product, ...]:
    """Those that the words describe fully; where the words are in the name of some, those alone."""
    known = tuple(products)
    named = tuple(product for product in known if covers(words, product.name))
    return named or tuple(
        product
        for product in known
        if covers(words, f"{product.name} {product.description or ''} {product.merchant or ''}")
    )


def the_one(words: str, products: Sequence[Product]) -> Product | None:
    """The product that is named, if it can be no other."""
    named = [product for product in products if covers(words, product.name)]
    if len(named) > 1:
        same = [product for product in named if fuzz.ratio(bare(words), bare(product.name)) >= SAME_NAME]
        named = same or [product for product in named if _is_written(words, product.name)]
    return named[0] if len(named) == 1 else None


def _is_written(words: str, name: str) -> bool:
    """Letter by letter, accents and all: "sucre" is not "sucré"."""
    letters = re.findall(r"\w+", name.lower())
    return all(word in letters for word in words.lower().split())


def named_by[Value](words: str, values: Iterable[Value], name: Callable[[Value], str]) -> tuple[Value, ...]:
    """Those whose names hold all of the words."""
    return tuple(value for value in values if covers(words, name(value)))


def merchant_named(words: str, merchants: Iterable[Merchant]) -> Merchant | None:
    """The merchant whose name that is, if it can be no other."""
    named = named_by(words, merchants, lambda merchant: merchant.name)
    return named[0] if len(named) == 1 else None


def category_of(words: str, categories: Iterable[Category]) -> Category | None:
    """The kind of shop that the words ask for: by its name, or by what one wants of it ("j'ai faim")."""
    wanted = [_singular(word) for word in _words(words)]
    if not wanted:
        return None
    for category in categories:
        names = (category.name, *category.names.values())
        if any(all(word in map(_singular, _words(name)) for word in wanted) for name in names):
            return category
        stems = _words(" ".join([category.id, *names]))
        kinds = [set(kind.split()) for stem, kind in _KINDS.items() if any(each.startswith(stem) for each in stems)]
        if any(all(_is_of(word, kind) for word in wanted) for kind in kinds):
            return category
    return None


def translated(words: str) -> str:
    """The same in the other language, as far as the words are known; "" where none of them is."""
    found = [_translations().get(_singular(word)) for word in _words(words)]
    if not any(found):
        return ""
    return " ".join(other or word for other, word in zip(found, _words(words), strict=True))


def _is_of(word: str, kind: set[str]) -> bool:
    return word in kind or any(len(word) > LONGEST_EXACT and fuzz.ratio(word, each) >= SAME_NAME for each in kind)


def _words(text: str) -> list[str]:
    """Words of two letters or more and numbers, without doubles."""
    return list(dict.fromkeys(re.findall(r"[^\W_]{2,}|\d", bare(text))))


def _singular(word: str) -> str:
    return word[:-1] if len(word) >= LONGEST_EXACT and word[-1] in "sx" else word


def _sound(word: str) -> str:
    """How it begins to the ear: a "kado" is a "cadeau"."""
    return {"k": "c", "q": "c", "s": "c", "z": "c", "f": "p"}.get(word[0], word[0])


@cache
def _translations() -> dict[str, str]:
    lines = (Path(__file__).parent / "translations.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines if not line.startswith("#")]
    return {bare(french): english for english, french in pairs} | {bare(english): french for english, french in pairs}
