"""Payments and receipts on the wire."""

from datetime import UTC
from typing import Annotated

from pydantic import AwareDatetime, Field

from backend.wire.values import MoneyWire, Prose, Wire, Word, moment, read
from trade.payments import Payment, PaymentOption, Receipt, ReceiptLine


class PaymentOptionWire(Wire):
    """A way to pay that is offered."""

    method: Word
    provider: Prose | None = None
    pay_to: Prose | None = None

    def value(self) -> PaymentOption:
        """As ours."""
        return PaymentOption(method=self.method, provider=self.provider, pay_to=self.pay_to)


class PaymentWire(Wire):
    """What is to be paid."""

    about: Word
    method: Word
    status: Word
    amount: MoneyWire
    provider: Prose | None = None
    pay_to: Prose | None = None
    reference: Prose | None = None
    paid_at: AwareDatetime | None = None

    def value(self) -> Payment:
        """As ours."""
        return Payment(
            about=self.about,
            method=self.method,
            status=self.status,
            amount=self.amount.value(),
            provider=self.provider,
            pay_to=self.pay_to,
            reference=self.reference,
            paid_at=moment(self.paid_at),
        )


class _ReceiptLine(Wire):
    label: Prose
    quantity: Annotated[int, Field(ge=1)] = 1
    amount: MoneyWire

    def value(self) -> ReceiptLine:
        """As ours."""
        return ReceiptLine(label=self.label, quantity=self.quantity, amount=self.amount.value())


class _Receipt(Wire):
    number: Word
    about: Word
    issued_at: AwareDatetime
    issuer: Prose
    lines: list[_ReceiptLine]
    discount: MoneyWire
    total: MoneyWire
    payment: PaymentWire


def read_payment(body: bytes) -> Payment:
    """One payment."""
    return read(PaymentWire, body).value()


def read_receipt(body: bytes) -> Receipt:
    """One receipt."""
    wire = read(_Receipt, body)
    return Receipt(
        number=wire.number,
        about=wire.about,
        issued_at=wire.issued_at.astimezone(UTC),
        issuer=wire.issuer,
        lines=tuple(line.value() for line in wire.lines),
        discount=wire.discount.value(),
        total=wire.total.value(),
        payment=wire.payment.value(),
    )
