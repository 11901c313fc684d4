"""What the parts of the wire share: reading, money, places, problems, pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from backend.errors import Unreadable
from trade.missions import Recipient
from trade.money import LARGEST_AMOUNT, Money
from trade.payments import PaymentChoice
from trade.places import Location, Place
from trade.problems import Problem

Word = Annotated[str, Field(min_length=1, max_length=200)]
Prose = Annotated[str, Field(max_length=4000)]

type Body = dict[str, Any]


class Wire(BaseModel):
    """A part of what the backend writes."""

    model_config = ConfigDict(frozen=True, extra="ignore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page[Value]:
    """A part of a list that may go on."""

    items: tuple[Value, ...]
    next_cursor: str | None = None  # ask with it for what follows


class MoneyWire(Wire):
    """Money."""

    amount: Annotated[Decimal, Field(allow_inf_nan=False, ge=0, le=LARGEST_AMOUNT)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]

    def value(self) -> Money:
        """As ours."""
        return Money(amount=self.amount, currency=self.currency)


class LocationWire(Wire):
    """A point on the map."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]

    def value(self) -> Location:
        """As ours."""
        return Location(latitude=self.latitude, longitude=self.longitude)


class PlaceWire(Wire):
    """A place."""

    address: Prose | None = None
    location: LocationWire | None = None

    def value(self) -> Place:
        """As ours."""
        return Place(address=self.address, location=self.location.value() if self.location else None)


class PersonWire(Wire):
    """Who receives something."""

    name: Prose | None = None
    phone: Prose | None = None


class PageWire(Wire):
    """What every list ends with."""

    next_cursor: Annotated[str, Field(max_length=2000)] | None = None


class ProblemWire(Wire):
    """Why the backend says no, as a whole answer or as one of the problems of a quote."""

    code: Annotated[str, Field(max_length=200)] = ""
    detail: Prose = ""
    total: MoneyWire | None = None
    product_id: Prose | None = None
    in_stock: int | None = None
    opens_at: AwareDatetime | None = None
    minimum: MoneyWire | None = None

    def value(self) -> Problem:
        """As ours."""
        return Problem(
            code=self.code,
            detail=self.detail,
            total=money(self.total),
            product_id=self.product_id,
            in_stock=self.in_stock,
            opens_at=moment(self.opens_at),
            minimum=money(self.minimum),
        )


def read[Model: BaseModel](model: type[Model], body: bytes) -> Model:
    """Read an answer, or say which field is wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        # Not chained: the original carries the input, and with it names and numbers, into any traceback.
        raise Unreadable(field, first["msg"]) from None


def read_problem(body: bytes) -> Problem:
    """The reason of an RFC 9457 problem, without a code where the backend wrote none."""
    try:
        return read(ProblemWire, body).value()
    except Unreadable:
        return Problem(code="")


def money(wire: MoneyWire | None) -> Money | None:
    """Money that may be absent."""
    return wire.value() if wire else None


def moment(at: datetime | None) -> datetime | None:
    """A moment in UTC that may be absent."""
    return at.astimezone(UTC) if at else None


def write_money(value: Money) -> Body:
    """Money for the backend."""
    return {"amount": format(value.amount, "f"), "currency": value.currency}


def write_place(place: Place) -> Body:
    """A place for the backend."""
    location = place.location
    point = {"latitude": location.latitude, "longitude": location.longitude} if location else None
    return present({"address": place.address, "location": point})


def write_recipient(recipient: Recipient) -> Body:
    """A recipient for the backend."""
    return {"name": recipient.name, "phone": recipient.phone}


def write_payment(choice: PaymentChoice) -> Body:
    """A way to pay for the backend."""
    return present({"method": choice.method, "provider": choice.provider, "reference": choice.reference})


def present(body: Mapping[str, Any]) -> Body:
    """What there is to say: what is None is left out."""
    return {name: value for name, value in body.items() if value is not None}
