"""The demo's people, missions and products, read from data/*.yml and checked."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict

DATA = Path(__file__).parent / "data"


class _Seed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeedCustomer(_Seed):
    """Somebody who writes to the business."""

    phone: str
    name: str


class SeedCourier(_Seed):
    """Somebody who carries for it."""

    id: str
    name: str
    phone: str


class SeedMerchant(_Seed):
    """Somebody who sells through it."""

    id: str
    name: str


class SeedRecipient(_Seed):
    """Who receives a parcel."""

    name: str
    phone: str | None = None


class SeedMission(_Seed):
    """A delivery and how far it is."""

    code: str
    customer: str
    status: str
    created_at: AwareDatetime
    steps: dict[str, AwareDatetime] = {}
    pickup: str
    dropoff: str
    recipient: SeedRecipient
    value: Decimal | None = None
    courier: str | None = None


class SeedProduct(_Seed):
    """Something a merchant sells."""

    id: str
    merchant: str
    name: str
    price: Decimal
    description: str
    available: bool = True


class SeedBusiness(_Seed):
    """One business with everything it has."""

    slug: str
    name: str
    currency: str
    timezone: str
    customers: list[SeedCustomer]
    couriers: list[SeedCourier]
    missions: list[SeedMission]
    merchants: list[SeedMerchant]
    products: list[SeedProduct]


@cache
def seed_businesses() -> tuple[SeedBusiness, ...]:
    """Every business of the demo, as it is on the first day."""
    return tuple(
        SeedBusiness.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        for file in sorted(DATA.glob("*.yml"), reverse=True)
    )
