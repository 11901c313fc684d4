"""The demo's people, missions and products, read from data/*.yml and checked."""

from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict

from demo.backend.terms import PaymentOption, PromoCode, Tariff, Terms, Zone

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


class SeedCategory(_Seed):
    """A kind of shop."""

    id: str
    name: str
    names: dict[str, str]


class SeedMerchant(_Seed):
    """Somebody who sells through it."""

    id: str
    name: str
    category: str
    description: str
    address: str
    phone: str
    hours: dict[str, str]
    minimum: Decimal | None = None
    preparation_minutes: int


class SeedRecipient(_Seed):
    """Who receives a parcel."""

    name: str
    phone: str | None = None


class SeedDelay(_Seed):
    """Why a mission is late."""

    reason: str
    minutes: int


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
    delay: SeedDelay | None = None
    courier: str | None = None

    @property
    def reached(self) -> dict[str, datetime]:
        """Each status with its time, the first included."""
        return {"pending": self.created_at, **self.steps}


class SeedChoice(_Seed):
    """One way to have a product."""

    id: str
    name: str
    extra: Decimal = Decimal(0)
    available: bool = True


class SeedOption(_Seed):
    """A question about a product."""

    id: str
    name: str
    at_least: int = 0
    at_most: int = 1
    choices: list[SeedChoice]


class SeedProduct(_Seed):
    """Something a merchant sells."""

    id: str
    merchant: str
    name: str
    price: Decimal
    description: str
    available: bool = True
    in_stock: int | None = None
    options: list[SeedOption] = []


class SeedBusiness(_Seed):
    """One business with everything it has."""

    slug: str
    name: str
    currency: str
    timezone: str
    zones: list[Zone]
    tariff: Tariff
    payment_options: list[PaymentOption]
    claim_days: int | None = None
    promo_codes: list[PromoCode]
    customers: list[SeedCustomer]
    couriers: list[SeedCourier]
    missions: list[SeedMission]
    categories: list[SeedCategory]
    merchants: list[SeedMerchant]
    products: list[SeedProduct]

    @property
    def terms(self) -> Terms:
        """What the business charges, and how it is paid."""
        return Terms(
            zones=self.zones,
            tariff=self.tariff,
            payment_options=self.payment_options,
            claim_days=self.claim_days,
        )


@cache
def seed_businesses() -> tuple[SeedBusiness, ...]:
    """Every business of the demo, as it is on the first day."""
    return tuple(
        SeedBusiness.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        for file in sorted(DATA.glob("*.yml"), reverse=True)
    )
