"""What a business charges and allows: its zones, its tariff, how it is paid, its promo codes."""

from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict


class _Term(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Zone(_Term):
    """A district, by its middle in degrees."""

    name: str
    latitude: float
    longitude: float
    words: list[str]  # streets and other words that tell it, beside its name


class Tariff(_Term):
    """What bringing something costs: `start` + `per_km`, rounded up to `step`, never under `least`."""

    start: Decimal
    per_km: Decimal
    least: Decimal
    step: Decimal
    farthest_km: int
    minutes_per_km: int


class PaymentOption(_Term):
    """A way to pay."""

    method: str
    provider: str | None = None
    pay_to: str | None = None


class PromoCode(_Term):
    """Takes a percentage or an amount off, once or often."""

    code: str
    percent: int = 0
    amount: Decimal = Decimal(0)
    minimum: Decimal = Decimal(0)  # subtotal from which it counts
    ends_at: AwareDatetime | None = None
    per_customer: int | None = None  # how often each may use it
    merchant: str | None = None  # the only one it counts for


class Terms(_Term):
    """All of it but the promo codes, which are looked up one by one."""

    zones: list[Zone]
    tariff: Tariff
    payment_options: list[PaymentOption]
    claim_days: int | None = None  # how long after the delivery one may claim; None is for ever

    def option(self, method: str, provider: str | None) -> PaymentOption | None:
        """The way to pay that was chosen; without a provider, the first of that method."""
        return next(
            (each for each in self.payment_options if each.method == method and provider in (None, each.provider)),
            None,
        )
