"""Missions: a parcel brought from one address to another, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum

from trade.money import Money
from trade.payments import Payment, PaymentOption
from trade.places import Location, Place


class MissionStatus(StrEnum):
    """Where a mission stands. Backends may know more statuses: `Mission.status` is any string."""

    #: Asked for by the customer; no courier has taken it yet.
    PENDING = "pending"
    #: A courier has taken it.
    ACCEPTED = "accepted"
    #: The courier stands at the pickup address.
    PICKUP_ARRIVED = "pickup_arrived"
    #: The parcel is on its way to the drop-off address.
    IN_TRANSIT = "in_transit"
    #: The recipient has the parcel.
    DELIVERED = "delivered"
    #: It will not be delivered.
    CANCELLED = "cancelled"


#: The road of a mission, in order. `CANCELLED` may follow any of them but the last.
STEPS = (
    MissionStatus.PENDING,
    MissionStatus.ACCEPTED,
    MissionStatus.PICKUP_ARRIVED,
    MissionStatus.IN_TRANSIT,
    MissionStatus.DELIVERED,
)


class Allowed(StrEnum):
    """What a customer may do with a mission or an order now. Backends may know more."""

    CANCEL = "cancel"
    CHANGE_DROPOFF = "change_dropoff"
    PAY = "pay"
    RATE = "rate"
    CLAIM = "claim"


class DelayReason(StrEnum):
    """Why a delivery is late. Backends may know more: `Delay.reason` is any string."""

    TRAFFIC = "traffic"
    WEATHER = "weather"
    VEHICLE = "vehicle"
    MERCHANT = "merchant"
    ADDRESS = "address"
    RECIPIENT = "recipient"
    DEMAND = "demand"
    OTHER = "other"


class StepState(Enum):
    """How far a mission is with one step of its road."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Who carries the parcel."""

    name: str
    phone: str | None = None
    organization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Why a mission is late, and by how much."""

    reason: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where the courier was seen last."""

    location: Location
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who is to receive something."""

    name: str
    phone: str  # E.164


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionDraft:
    """A parcel to be brought: all that decides its price."""

    pickup: Place
    dropoff: Place
    value: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionQuote:
    """What a mission would cost now, and when it would arrive."""

    total: Money
    expected_at: datetime
    distance_km: float | None = None
    payment_options: tuple[PaymentOption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """A delivery as its customer may see it."""

    code: str
    status: str
    created_at: datetime
    customer_phone: str  # E.164; whose mission it is
    steps: Mapping[str, datetime] = field(default_factory=dict)  # status → when it was reached
    pickup_address: str | None = None
    dropoff_address: str | None = None
    recipient_name: str | None = None
    recipient_phone: str | None = None
    value: Money | None = None
    courier: Courier | None = None
    pickup_location: Location | None = None
    dropoff_location: Location | None = None
    note: str | None = None
    price: Money | None = None  # what the delivery costs
    expected_at: datetime | None = None  # when it should arrive, as of now
    delay: Delay | None = None
    position: Position | None = None
    order_code: str | None = None  # the order it brings
    payment: Payment | None = None
    allowed: frozenset[str] = frozenset()  # what may be done now: `Allowed`
    rating: int | None = None

    @property
    def draft(self) -> MissionDraft:
        """The same parcel without its end: what to ask for when it is sent again."""
        return MissionDraft(
            pickup=Place(address=self.pickup_address, location=self.pickup_location),
            dropoff=Place(address=self.dropoff_address, location=self.dropoff_location),
            value=self.value,
        )

    @property
    def known_status(self) -> MissionStatus | None:
        """The status as one of ours, or None when the backend speaks of another."""
        return MissionStatus(self.status) if self.status in MissionStatus else None

    @property
    def is_under_way(self) -> bool:
        """Whether it may still change; a status we do not know is no end."""
        return self.known_status not in (MissionStatus.DELIVERED, MissionStatus.CANCELLED)

    @property
    def assigned_courier(self) -> Courier | None:
        """The courier to show or to contact; nobody before a courier has taken the mission."""
        return None if self.known_status is MissionStatus.PENDING else self.courier


def is_late(mission: Mission, now: datetime) -> bool:
    """Whether it should have arrived by now, or the business says that it comes later than promised."""
    if not mission.is_under_way:
        return False
    return mission.delay is not None or (mission.expected_at is not None and mission.expected_at < now)


def progress(mission: Mission) -> tuple[tuple[MissionStatus, StepState], ...]:
    """The state of each step to show: by the status where it is one of the road, else by the times."""
    status = mission.known_status
    if status is MissionStatus.CANCELLED:
        return tuple((step, StepState.DONE) for step in _reached(mission))
    if status is None:
        reached = _reached(mission)
        return tuple((step, StepState.DONE if step in reached else StepState.AHEAD) for step in STEPS)
    return tuple((step, _state(STEPS.index(step), STEPS.index(status))) for step in STEPS)


def _reached(mission: Mission) -> tuple[MissionStatus, ...]:
    """The steps that have a time of their own, or that a later one implies."""
    timed = [place for place, step in enumerate(STEPS) if step in mission.steps]
    # A mission that exists was created, whether or not the backend repeats it among the steps.
    return STEPS[: max([0, *timed]) + 1]


def _state(place: int, current: int) -> StepState:
    if place < current or current == len(STEPS) - 1:
        return StepState.DONE
    return StepState.CURRENT if place == current else StepState.AHEAD
