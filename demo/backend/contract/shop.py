"""The shop: merchants by category, and their products."""

from typing import Annotated

from pydantic import AwareDatetime, Field, HttpUrl

from demo.backend.contract.values import Cursor, Id, Language, Location, Money, Name, Part


class Category(Part):
    """A kind of shop."""

    id: Annotated[Id, Field(examples=["restaurants"])]
    """Unique within the business, and stable."""
    name: Annotated[Name, Field(examples=["Supermarchés"])]
    """What customers call it."""
    names: Annotated[dict[Language, Name], Field(examples=[{"en": "Supermarkets"}])] = Field(default_factory=dict)
    """The same by language: `fr`, `en`. Who speaks another one reads `name`."""


class Categories(Part):
    """The kinds of shop there are."""

    categories: list[Category]
    """In the order to show them; all of them, there are never many."""


class Merchant(Part):
    """Somebody who sells through the business."""

    id: Annotated[Id, Field(examples=["maman-wivine"])]
    """Unique within the business, and stable."""
    name: Annotated[Name, Field(examples=["Chez Maman Wivine"])]
    """What customers call it."""
    category: Category | None = None
    """What kind of shop it is."""
    description: str | None = None
    """A sentence or two."""
    address: str | None = None
    """Where it is."""
    location: Location | None = None
    """The same on the map."""
    phone: str | None = None
    """E.164; goes into a contact card."""
    photo_url: HttpUrl | None = None
    """As a product's."""
    open_now: bool
    """Whether it takes orders now."""
    opens_at: AwareDatetime | None = None
    """When it opens next, where it is closed."""
    hours: Annotated[dict[str, str], Field(examples=[{"mon-fri": "08:00-19:00", "sat": "09:00-17:00"}])] = Field(
        default_factory=dict
    )
    """Days to hours, local time. A day that is not named is closed; 00:00-24:00 is day and night."""
    minimum: Money | None = None
    """The smallest order it takes, without delivery."""
    preparation_minutes: Annotated[int | None, Field(ge=0)] = None
    """How long it needs before a courier can leave."""


class Merchants(Part):
    """Merchants of the business."""

    merchants: list[Merchant]
    """The open ones first; with a query, the best matches first."""
    next_cursor: Cursor = None
    """Ask with it as `cursor` for what follows; null at the end."""


class Choice(Part):
    """One way to have a product."""

    id: Annotated[Id, Field(examples=["alloco"])]
    """Unique within the product, and stable."""
    name: Annotated[Name, Field(examples=["Bananes plantains"])]
    """What customers call it."""
    extra: Money | None = None
    """What it adds to the price of one."""
    available: bool = True
    """Whether it can be had now."""


class Option(Part):
    """A question about a product: a size, a side dish, a colour."""

    id: Annotated[Id, Field(examples=["accompagnement"])]
    """Unique within the product, and stable."""
    name: Annotated[Name, Field(examples=["Accompagnement"])]
    """The question in a word or two."""
    at_least: Annotated[int, Field(ge=0)] = 0
    """How many choices must be taken; 0 where none is needed."""
    at_most: Annotated[int, Field(ge=1)] = 1
    """How many may be taken."""
    choices: list[Choice]
    """In the order to show them."""


class Product(Part):
    """Something a customer can order."""

    id: Annotated[Id, Field(examples=["poulet-mayo"])]
    """Unique within the business, and stable. The content id of the product in a WhatsApp catalogue."""
    name: Annotated[Name, Field(examples=["Poulet Mayo"])]
    """What customers call it."""
    price: Money
    """The price of now, for one, without choices."""
    description: str | None = None
    """A sentence or two."""
    photo_url: HttpUrl | None = None
    """A JPEG or PNG of at most 5 MB that WhatsApp can fetch without signing in; HTTPS on a real number."""
    merchant: Annotated[str | None, Field(examples=["Chez Maman Wivine"])] = None
    """Who sells it."""
    merchant_id: Id | None = None
    """The id of who sells it."""
    available: bool = True
    """Whether it can be ordered now, as far as the product goes: its merchant may be closed."""
    in_stock: Annotated[int | None, Field(ge=0)] = None
    """How many there are; null where nobody counts."""
    options: list[Option] = Field(default_factory=list)
    """What to ask about it."""


class Products(Part):
    """Products of the business."""

    products: list[Product]
    """The best matches first; without a query, in the shop's own order."""
    next_cursor: Cursor = None
    """Ask with it as `cursor` for what follows; null at the end."""
