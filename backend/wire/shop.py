"""Categories, merchants and products on the wire."""

from typing import Annotated

from pydantic import AwareDatetime, Field, HttpUrl

from backend.wire.values import MoneyWire, Page, PageWire, Prose, Wire, Word, moment, money, read
from trade.merchants import Category, Merchant
from trade.products import Choice, Option, Product

Count = Annotated[int, Field(ge=0)]


class _Category(Wire):
    id: Word
    name: Word
    names: dict[Word, Word] = Field(default_factory=dict)

    def value(self) -> Category:
        """As ours."""
        return Category(id=self.id, name=self.name, names=self.names)


class _Categories(Wire):
    categories: list[_Category]


class _Merchant(Wire):
    id: Word
    name: Word
    category: _Category | None = None
    description: Prose | None = None
    address: Prose | None = None
    phone: Prose | None = None
    photo_url: HttpUrl | None = None
    open_now: bool
    opens_at: AwareDatetime | None = None
    hours: dict[Word, Word] = Field(default_factory=dict)
    minimum: MoneyWire | None = None
    preparation_minutes: Count | None = None


class _Merchants(PageWire):
    merchants: list[_Merchant]


class _Choice(Wire):
    id: Word
    name: Word
    extra: MoneyWire | None = None
    available: bool = True

    def value(self) -> Choice:
        """As ours."""
        return Choice(id=self.id, name=self.name, extra=money(self.extra), available=self.available)


class _Option(Wire):
    id: Word
    name: Word
    at_least: Count = 0
    at_most: Annotated[int, Field(ge=1)] = 1
    choices: list[_Choice]

    def value(self) -> Option:
        """As ours."""
        choices = tuple(choice.value() for choice in self.choices)
        return Option(id=self.id, name=self.name, at_least=self.at_least, at_most=self.at_most, choices=choices)


class _Product(Wire):
    id: Word
    name: Word
    price: MoneyWire
    description: Prose | None = None
    photo_url: HttpUrl | None = None
    merchant: Prose | None = None
    merchant_id: Word | None = None
    available: bool = True
    in_stock: Count | None = None
    options: list[_Option] = Field(default_factory=list)


class _Products(PageWire):
    products: list[_Product]


def read_categories(body: bytes) -> tuple[Category, ...]:
    """The kinds of shop."""
    return tuple(each.value() for each in read(_Categories, body).categories)


def read_merchant(body: bytes) -> Merchant:
    """One merchant."""
    return _to_merchant(read(_Merchant, body))


def read_merchants(body: bytes) -> Page[Merchant]:
    """A page of merchants."""
    page = read(_Merchants, body)
    return Page(items=tuple(_to_merchant(each) for each in page.merchants), next_cursor=page.next_cursor)


def read_product(body: bytes) -> Product:
    """One product."""
    return _to_product(read(_Product, body))


def read_products(body: bytes) -> Page[Product]:
    """A page of products."""
    page = read(_Products, body)
    return Page(items=tuple(_to_product(each) for each in page.products), next_cursor=page.next_cursor)


def _to_merchant(wire: _Merchant) -> Merchant:
    return Merchant(
        id=wire.id,
        name=wire.name,
        category=wire.category.value() if wire.category else None,
        description=wire.description,
        address=wire.address,
        phone=wire.phone,
        photo_url=str(wire.photo_url) if wire.photo_url else None,
        open_now=wire.open_now,
        opens_at=moment(wire.opens_at),
        hours=wire.hours,
        minimum=money(wire.minimum),
        preparation_minutes=wire.preparation_minutes,
    )


def _to_product(wire: _Product) -> Product:
    return Product(
        id=wire.id,
        name=wire.name,
        price=wire.price.value(),
        description=wire.description,
        photo_url=str(wire.photo_url) if wire.photo_url else None,
        merchant=wire.merchant,
        merchant_id=wire.merchant_id,
        available=wire.available,
        in_stock=wire.in_stock,
        options=tuple(option.value() for option in wire.options),
    )
