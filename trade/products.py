"""Products: what a merchant of the business sells."""

from dataclasses import dataclass

from trade.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to have a product: a size, a side dish, a colour."""

    id: str  # unique within the product
    name: str
    extra: Money | None = None  # what it adds to the price of one
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A question about a product, and how many of its choices one may take."""

    id: str
    name: str
    choices: tuple[Choice, ...]
    at_least: int = 0
    at_most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A thing one can order, at its price of now."""

    id: str
    name: str
    price: Money
    description: str | None = None
    photo_url: str | None = None
    merchant: str | None = None
    available: bool = True
    merchant_id: str | None = None
    in_stock: int | None = None  # how many there are; None where nobody counts
    options: tuple[Option, ...] = ()
