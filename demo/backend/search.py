"""Finds products by the words people use for them."""

import re
import unicodedata
from collections.abc import Sequence

from demo.backend.contract import Product

NAME_WEIGHT = 3  # a word in the name says more than one in the description


def best_matches(query: str, products: Sequence[Product]) -> list[Product]:
    """The products that hold a word of the query, best first; all of them for an empty query."""
    wanted = _words(query)
    if not wanted:
        return list(products)
    ranked = sorted(products, key=lambda product: -_score(wanted, product))
    return [product for product in ranked if _score(wanted, product)]


def _score(wanted: set[str], product: Product) -> int:
    named = _words(product.name)
    described = _words(f"{product.description or ''} {product.merchant or ''}")
    return NAME_WEIGHT * _hits(wanted, named) + _hits(wanted, described)


def _hits(wanted: set[str], words: set[str]) -> int:
    """Count beginnings too: "broch" finds brochettes."""
    return sum(any(word.startswith(each) for word in words) for each in wanted)


def _words(text: str) -> set[str]:
    """Words of three letters or more, without case and accents."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    letters = "".join(character for character in bare if not unicodedata.combining(character))
    return set(re.findall(r"\w{3,}", letters))
