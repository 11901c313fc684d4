"""Missions on the wire."""

from datetime import UTC
from typing import Annotated

from pydantic import AwareDatetime, Field

from backend.wire.payments import PaymentOptionWire, PaymentWire
from backend.wire.values import (
    Body,
    LocationWire,
    MoneyWire,
    Page,
    PageWire,
    PersonWire,
    PlaceWire,
    Prose,
    Wire,
    Word,
    moment,
    money,
    present,
    read,
    write_money,
    write_place,
)
from trade.missions import Courier, Delay, Mission, MissionDraft, MissionQuote, Position

Allowed = list[Word]
Score = Annotated[int, Field(ge=1, le=5)]


class _Courier(Wire):
    name: Prose
    phone: Prose | None = None
    organization: Prose | None = None

    def value(self) -> Courier:
        """As ours."""
        return Courier(name=self.name, phone=self.phone, organization=self.organization)


class _Position(Wire):
    location: LocationWire
    seen_at: AwareDatetime

    def value(self) -> Position:
        """As ours."""
        return Position(location=self.location.value(), seen_at=self.seen_at.astimezone(UTC))


class _Delay(Wire):
    reason: Word
    minutes: Annotated[int, Field(ge=0)]

    def value(self) -> Delay:
        """As ours."""
        return Delay(reason=self.reason, minutes=self.minutes)


class _Mission(Wire):
    code: Word
    status: Word
    created_at: AwareDatetime
    customer_phone: Word
    steps: dict[str, AwareDatetime] = Field(default_factory=dict)
    pickup: PlaceWire = PlaceWire()
    dropoff: PlaceWire = PlaceWire()
    recipient: PersonWire = PersonWire()
    value: MoneyWire | None = None
    note: Prose | None = None
    price: MoneyWire | None = None
    courier: _Courier | None = None
    position: _Position | None = None
    expected_at: AwareDatetime | None = None
    delay: _Delay | None = None
    order_code: Word | None = None
    payment: PaymentWire | None = None
    allowed: Allowed = Field(default_factory=list)
    rating: Score | None = None


class _Missions(PageWire):
    missions: list[_Mission]


class _Quote(Wire):
    total: MoneyWire
    expected_at: AwareDatetime
    distance_km: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    payment_options: list[PaymentOptionWire] = Field(default_factory=list)


def read_mission(body: bytes) -> Mission:
    """One mission."""
    return _to_mission(read(_Mission, body))


def read_missions(body: bytes) -> Page[Mission]:
    """A page of missions."""
    page = read(_Missions, body)
    return Page(items=tuple(_to_mission(each) for each in page.missions), next_cursor=page.next_cursor)


def read_mission_quote(body: bytes) -> MissionQuote:
    """What a mission would cost."""
    wire = read(_Quote, body)
    return MissionQuote(
        total=wire.total.value(),
        expected_at=wire.expected_at.astimezone(UTC),
        distance_km=wire.distance_km,
        payment_options=tuple(option.value() for option in wire.payment_options),
    )


def write_mission_draft(draft: MissionDraft) -> Body:
    """A parcel to be brought, for the backend."""
    value = write_money(draft.value) if draft.value else None
    return present({"pickup": write_place(draft.pickup), "dropoff": write_place(draft.dropoff), "value": value})


def _to_mission(wire: _Mission) -> Mission:
    pickup, dropoff = wire.pickup.value(), wire.dropoff.value()
    return Mission(
        code=wire.code,
        status=wire.status,
        created_at=wire.created_at.astimezone(UTC),
        customer_phone=wire.customer_phone,
        steps={status: at.astimezone(UTC) for status, at in wire.steps.items()},
        pickup_address=pickup.address,
        pickup_location=pickup.location,
        dropoff_address=dropoff.address,
        dropoff_location=dropoff.location,
        recipient_name=wire.recipient.name,
        recipient_phone=wire.recipient.phone,
        value=money(wire.value),
        note=wire.note,
        price=money(wire.price),
        courier=wire.courier.value() if wire.courier else None,
        position=wire.position.value() if wire.position else None,
        expected_at=moment(wire.expected_at),
        delay=wire.delay.value() if wire.delay else None,
        order_code=wire.order_code,
        payment=wire.payment.value() if wire.payment else None,
        allowed=frozenset(wire.allowed),
        rating=wire.rating,
    )
