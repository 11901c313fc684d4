"""What several parts of the contract share: money, places, people, codes."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

LARGEST_AMOUNT = Decimal(10) ** 15

Phone = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$", examples=["+242069876543"])]
Id = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Language = Annotated[str, Field(pattern="^[a-z]{2,3}$")]
Words = Annotated[str, Field(max_length=1000)]
Cursor = Annotated[str | None, Field(examples=["MjAyNS0wMS0yN1Qw"])]


class Part(BaseModel):
    """A part of the contract; the sentence under a field is its description in OpenAPI."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


_AMOUNT = {"type": "string", "pattern": r"^[0-9]{1,16}(\.[0-9]+)?$", "examples": ["8000"]}


class Money(Part):
    """An exact amount of one currency."""

    amount: Annotated[Decimal, Field(ge=0, le=LARGEST_AMOUNT), WithJsonSchema(_AMOUNT)]
    """A decimal number in a string, so that no float rounds it."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["XAF"])]
    """ISO 4217 code."""


class Location(Part):
    """A point on the map (WGS 84)."""

    latitude: Annotated[float, Field(ge=-90, le=90, examples=[-4.2634])]
    """Degrees north."""
    longitude: Annotated[float, Field(ge=-180, le=180, examples=[15.2429])]
    """Degrees east."""


class Place(Part):
    """Where a courier goes."""

    address: Annotated[str | None, Field(max_length=500, examples=["10 Avenue de la Paix"])] = None
    """As people of the place write it, on one line."""
    location: Location | None = None
    """The point on the map that was sent."""


class PlaceWanted(Place):
    """Where a courier is asked to go: an address, a location, or both."""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.location is None and not (self.address or "").strip():
            raise ValueError("a place needs an address or a location")
        return self


class Person(Part):
    """Who receives the parcel."""

    name: Annotated[str | None, Field(examples=["Marie Okemba"])] = None
    """As the sender wrote it."""
    phone: Annotated[str | None, Field(examples=["+242061234576"])] = None
    """E.164."""


class PersonWanted(Part):
    """Who is to receive it."""

    name: Name
    """As the courier should ask for them."""
    phone: Phone
    """E.164: Relais makes it so, whatever was typed."""
