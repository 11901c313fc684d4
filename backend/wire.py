"""What the backend writes, read into our values; anything else is `Unreadable` and names its field.

The models mirror docs/backend.md field by field. Fields they do not know are ignored, so that a
backend may say more than we understand.
"""

from datetime import UTC
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl, ValidationError

from backend.errors import Unreadable
from trade.missions import Courier, Mission
from trade.money import LARGEST_AMOUNT, Money
from trade.products import Product

Word = Annotated[str, Field(min_length=1, max_length=200)]
Prose = Annotated[str, Field(max_length=4000)]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Money(_Wire):
    amount: Annotated[Decimal, Field(allow_inf_nan=False, ge=0, le=LARGEST_AMOUNT)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class _Place(_Wire):
    address: Prose | None = None


class _Person(_Wire):
    name: Prose | None = None
    phone: Prose | None = None


class _Courier(_Wire):
    name: Prose
    phone: Prose | None = None
    organization: Prose | None = None


class _Mission(_Wire):
    code: Word
    status: Word
    created_at: AwareDatetime
    customer_phone: Word
    steps: dict[str, AwareDatetime] = {}
    pickup: _Place = _Place()
    dropoff: _Place = _Place()
    recipient: _Person = _Person()
    value: _Money | None = None
    courier: _Courier | None = None


class _Product(_Wire):
    id: Word
    name: Word
    price: _Money
    description: Prose | None = None
    photo_url: HttpUrl | None = None
    merchant: Prose | None = None
    available: bool = True


class _Missions(_Wire):
    missions: list[_Mission]


class _Products(_Wire):
    products: list[_Product]


class _Problem(_Wire):
    detail: str = ""


def read_mission(body: bytes) -> Mission:
    """One mission."""
    return _to_mission(_read(_Mission, body))


def read_missions(body: bytes) -> tuple[Mission, ...]:
    """A page of missions."""
    return tuple(_to_mission(each) for each in _read(_Missions, body).missions)


def read_product(body: bytes) -> Product:
    """One product."""
    return _to_product(_read(_Product, body))


def read_products(body: bytes) -> tuple[Product, ...]:
    """A page of products."""
    return tuple(_to_product(each) for each in _read(_Products, body).products)


def read_problem(body: bytes) -> str:
    """The sentence of an RFC 9457 problem, or "" where the backend wrote none."""
    try:
        return _read(_Problem, body).detail
    except Unreadable:
        return ""


def _read[Model: BaseModel](model: type[Model], body: bytes) -> Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        # Not chained: the original carries the input, and with it names and numbers, into any traceback.
        raise Unreadable(field, first["msg"]) from None


def _to_mission(wire: _Mission) -> Mission:
    return Mission(
        code=wire.code,
        status=wire.status,
        created_at=wire.created_at.astimezone(UTC),
        customer_phone=wire.customer_phone,
        steps={status: at.astimezone(UTC) for status, at in wire.steps.items()},
        pickup_address=wire.pickup.address,
        dropoff_address=wire.dropoff.address,
        recipient_name=wire.recipient.name,
        recipient_phone=wire.recipient.phone,
        value=_to_money(wire.value) if wire.value else None,
        courier=_to_courier(wire.courier) if wire.courier else None,
    )


def _to_courier(wire: _Courier) -> Courier:
    return Courier(name=wire.name, phone=wire.phone, organization=wire.organization)


def _to_product(wire: _Product) -> Product:
    return Product(
        id=wire.id,
        name=wire.name,
        price=_to_money(wire.price),
        description=wire.description,
        photo_url=str(wire.photo_url) if wire.photo_url else None,
        merchant=wire.merchant,
        available=wire.available,
    )


def _to_money(wire: _Money) -> Money:
    return Money(amount=wire.amount, currency=wire.currency)
