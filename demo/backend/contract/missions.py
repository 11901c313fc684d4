"""Missions: a parcel on its way, what it would cost, and the order to bring it."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from demo.backend.contract.payments import Payment, PaymentOption, PaymentWanted
from demo.backend.contract.values import (
    Cursor,
    Id,
    Location,
    Money,
    Part,
    Person,
    PersonWanted,
    Phone,
    Place,
    PlaceWanted,
    Words,
)

Allowed = Annotated[list[str], Field(examples=[["cancel", "change_dropoff"]])]


class Courier(Part):
    """Who carries the parcel."""

    name: Annotated[str, Field(examples=["Jean Malonga"])]
    """As customers may know them."""
    phone: Phone | None = None
    """E.164; goes into the contact card. A number that only forwards is as good."""
    organization: Annotated[str | None, Field(examples=["Kimia Express"])] = None
    """Whom the courier rides for; goes into the contact card."""


class Position(Part):
    """Where the courier was seen last."""

    location: Location
    """The point on the map."""
    seen_at: AwareDatetime
    """When."""


class Delay(Part):
    """Why it is late."""

    reason: Annotated[str, Field(examples=["traffic"])]
    """traffic, weather, vehicle, merchant, address, recipient, demand or other."""
    minutes: Annotated[int, Field(ge=0, examples=[15])]
    """By how much, roughly."""


class Mission(Part):
    """A delivery, as its customer may see it."""

    code: Annotated[Id, Field(examples=["COUR-20250127-061"])]
    """What customers call it. Unique among missions and orders of the business."""
    status: Annotated[str, Field(min_length=1, max_length=200, examples=["in_transit"])]
    """pending, accepted, pickup_arrived, in_transit, delivered or cancelled; others are shown as they are."""
    created_at: AwareDatetime
    """When the customer asked for it (RFC 3339, with an offset)."""
    customer_phone: Phone
    """Whose mission it is; must be the `Relais-Customer` of the call."""
    steps: Annotated[dict[str, AwareDatetime], Field(examples=[{"accepted": "2025-01-27T08:58:00Z"}])] = Field(
        default_factory=dict
    )
    """Each status reached so far, with its time; decides the marks of cancelled and unknown statuses."""
    pickup: Place = Place()
    """Where the courier takes the parcel."""
    dropoff: Place = Place()
    """Where the courier brings it."""
    recipient: Person = Person()
    """Who receives it."""
    value: Money | None = None
    """What the parcel is worth, as declared."""
    note: str | None = None
    """What the customer wrote for the courier."""
    price: Money | None = None
    """What the delivery costs."""
    courier: Courier | None = None
    """Nobody before the mission is accepted."""
    position: Position | None = None
    """Where the courier is, while the parcel is with them."""
    expected_at: AwareDatetime | None = None
    """When it should arrive, as of now; absent when it is over."""
    delay: Delay | None = None
    """Why it is later than promised."""
    order_code: Id | None = None
    """The order it brings."""
    payment: Payment | None = None
    """What is to be paid for the delivery; an order's delivery is paid with the order."""
    allowed: Allowed = Field(default_factory=list)
    """What may be done now: cancel, change_dropoff, pay, rate, claim."""
    rating: Annotated[int | None, Field(ge=1, le=5)] = None
    """What the customer thought of it."""


class Missions(Part):
    """Missions of one customer."""

    missions: list[Mission]
    """Newest first."""
    next_cursor: Cursor = None
    """Ask with it as `cursor` for what follows; null at the end."""


class MissionWanted(Part):
    """A parcel to be brought: all that decides its price."""

    pickup: PlaceWanted
    """Where the courier takes it."""
    dropoff: PlaceWanted
    """Where the courier brings it."""
    value: Money | None = None
    """What it is worth."""


class MissionQuote(Part):
    """What a mission would cost now."""

    total: Money
    """The price of the delivery."""
    expected_at: AwareDatetime
    """When it would arrive if it were ordered now."""
    distance_km: Annotated[float | None, Field(ge=0)] = None
    """How far it is, roughly."""
    payment_options: list[PaymentOption] = Field(default_factory=list)
    """How it can be paid."""


class NewMission(MissionWanted):
    """A parcel to be brought, at a price the customer agreed to."""

    recipient: PersonWanted
    """Who receives it."""
    note: Words | None = None
    """For the courier."""
    payment: PaymentWanted
    """How it is paid."""
    expected_total: Money
    """What the customer was told. If it costs anything else now, answer price_changed."""


class Cancellation(Part):
    """The end of a mission or an order that its customer wants."""

    reason: Words | None = None
    """In their own words."""


class NewDropoff(Part):
    """Another place to bring it to."""

    dropoff: PlaceWanted
    """Where it goes now."""
    expected_total: Money
    """What the customer agreed to pay for it all. If it costs anything else now, answer price_changed."""
