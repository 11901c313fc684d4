"""Products: what a merchant of the business sells."""

from dataclasses import dataclass

from trade.money import Money


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
