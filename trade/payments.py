"""Payments: how something can be paid, how far that is, and the receipt."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trade.money import Money


class PaymentMethod(StrEnum):
    """How people pay."""

    #: In cash, to the courier.
    CASH = "cash"
    #: From their phone; the operator's reference proves it.
    MOBILE_MONEY = "mobile_money"


class PaymentStatus(StrEnum):
    """Where a payment stands. Backends may know more: `Payment.status` is any string."""

    #: Nothing was paid yet.
    DUE = "due"
    #: A reference was given, and the business looks whether the money came.
    CHECKING = "checking"
    PAID = "paid"
    #: It was paid, and went back.
    REFUNDED = "refunded"
    #: It need not be paid any more.
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOption:
    """A way to pay that the business offers."""

    method: str
    provider: str | None = None  # of mobile money, such as "MTN MoMo"
    pay_to: str | None = None  # the number the money is sent to


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentChoice:
    """The way a person chose; with a reference where they have paid already."""

    method: str
    provider: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What is to be paid for one mission or order, and whether it is."""

    about: str  # the code of the mission or order
    method: str
    status: str
    amount: Money
    provider: str | None = None
    pay_to: str | None = None
    reference: str | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One line of a receipt."""

    label: str
    amount: Money
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The proof that something was paid."""

    number: str
    about: str  # the code of the mission or order
    issued_at: datetime
    issuer: str
    lines: tuple[ReceiptLine, ...]
    discount: Money
    total: Money
    payment: Payment
