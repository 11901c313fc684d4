"""The contract: what a backend answers, field by field. OpenAPI and docs/backend.md follow from it."""

from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl

Phone = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$", examples=["+242069876543"])]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Money(_Answer):
    """An exact amount of one currency."""

    amount: Annotated[Decimal, Field(ge=0, examples=["8000"])]
    """A decimal number in a string, so that no float rounds it."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["XAF"])]
    """ISO 4217 code."""


class Place(_Answer):
    """Where a courier goes."""

    address: Annotated[str | None, Field(examples=["10 Avenue de la Paix"])] = None
    """As people of the place write it, on one line."""


class Person(_Answer):
    """Who receives the parcel."""

    name: Annotated[str | None, Field(examples=["Marie Okemba"])] = None
    """As the sender wrote it."""
    phone: Annotated[str | None, Field(examples=["+242061234576"])] = None
    """E.164."""


class Courier(_Answer):
    """Who carries the parcel."""

    name: Annotated[str, Field(examples=["Jean Malonga"])]
    """What customers call them."""
    phone: Phone | None = None
    """E.164; goes into the contact card."""
    organization: Annotated[str | None, Field(examples=["Kimia Express"])] = None
    """Whom the courier rides for; goes into the contact card."""


class Mission(_Answer):
    """A delivery, as its customer may see it."""

    code: Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["COUR-20250127-061"])]
    """What customers call it. Unique within the business."""
    status: Annotated[str, Field(min_length=1, max_length=200, examples=["in_transit"])]
    """pending, accepted, pickup_arrived, in_transit, delivered or cancelled; others are shown as they are."""
    created_at: AwareDatetime
    """When the customer asked for it (RFC 3339, with an offset)."""
    customer_phone: Phone
    """Whose mission it is; must be the `Relais-Customer` of the call."""
    steps: Annotated[dict[str, AwareDatetime], Field(examples=[{"accepted": "2025-01-27T08:58:00Z"}])] = {}
    """Each status reached so far, with its time; decides the marks of cancelled and unknown statuses."""
    pickup: Place = Place()
    """Where the courier takes the parcel."""
    dropoff: Place = Place()
    """Where the courier brings it."""
    recipient: Person = Person()
    """Who receives it."""
    value: Money | None = None
    """What the parcel is worth, as declared."""
    courier: Courier | None = None
    """Nobody before the mission is accepted."""


class Missions(_Answer):
    """Missions of one customer."""

    missions: list[Mission]
    """Newest first."""


class Product(_Answer):
    """Something a customer can order."""

    id: Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["poulet-mayo"])]
    """Unique within the business, and stable."""
    name: Annotated[str, Field(min_length=1, max_length=200, examples=["Poulet Mayo"])]
    """What customers call it."""
    price: Money
    """The price of now, for one."""
    description: str | None = None
    """A sentence or two."""
    photo_url: HttpUrl | None = None
    """A JPEG or PNG of at most 5 MB that WhatsApp can fetch without signing in; HTTPS on a real number."""
    merchant: Annotated[str | None, Field(examples=["Chez Maman Wivine"])] = None
    """Who sells it."""
    available: bool = True
    """Whether it can be ordered now."""


class Products(_Answer):
    """Products of the business."""

    products: list[Product]
    """The best matches first; without a query, in the shop's own order."""


class Problem(_Answer):
    """What went wrong (RFC 9457), served as application/problem+json."""

    type: str = "about:blank"
    """A URI for the kind of problem; "about:blank" where the status says enough."""
    title: Annotated[str, Field(examples=["Not Found"])]
    """The kind of problem in two words."""
    status: Annotated[int, Field(examples=[404])]
    """The HTTP status again."""
    detail: Annotated[str, Field(examples=["This customer has no mission with that code."])]
    """A sentence for whoever runs the other side. It never quotes a phone number."""
