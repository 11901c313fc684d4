"""Paying: references of mobile money, and receipts."""

import sqlite3
from datetime import datetime

from demo.backend.billing import check_payment
from demo.backend.callers import Caller
from demo.backend.contract.payments import NewPayment, Payment, PaymentWanted, Receipt, ReceiptLine
from demo.backend.contract.problems import Code
from demo.backend.contract.values import Money
from demo.backend.problems import Refusal
from demo.backend.records import businesses, payments
from demo.backend.subjects import Subject, subject

DELIVERY = "Livraison"  # as this shop prints it


def pay(database: sqlite3.Connection, asked: Caller, wanted: NewPayment, now: datetime) -> Payment:
    """Take the operator's reference; whether the money came is looked up before the next step."""
    about = subject(database, asked, wanted.about, now)
    due = about.payment
    if due is None or due.status != "due":
        raise Refusal.because(Code.NOTHING_TO_PAY, "Nothing is due.")
    business = businesses.one(database, asked.business)
    choice = PaymentWanted(method="mobile_money", provider=wanted.provider, reference=wanted.reference)
    check_payment(database, business, choice)
    payments.give_reference(database, about.code, wanted.provider, wanted.reference)
    paid = payments.find(database, asked.business, about.code)
    assert paid is not None  # noqa: S101 - it was there a moment ago
    return paid


def receipt(database: sqlite3.Connection, asked: Caller, code: str, now: datetime) -> Receipt:
    """The proof, once it is paid."""
    about = subject(database, asked, code, now)
    payment = about.payment
    if payment is None or payment.status != "paid" or payment.paid_at is None:
        raise Refusal.because(Code.NOT_PAID, "It is not paid yet.")
    currency = payment.amount.currency
    return Receipt(
        number=f"RECU-{about.code}",
        about=about.code,
        issued_at=payment.paid_at,
        issuer=businesses.one(database, asked.business).name,
        lines=_lines(about, payment),
        discount=about.order.discount if about.order else Money.model_validate({"amount": 0, "currency": currency}),
        total=payment.amount,
        payment=payment,
    )


def _lines(about: Subject, payment: Payment) -> list[ReceiptLine]:
    if about.order is None:
        return [ReceiptLine(label=DELIVERY, amount=payment.amount)]
    sold = [ReceiptLine(label=line.name, quantity=line.quantity, amount=line.total) for line in about.order.lines]
    return [*sold, ReceiptLine(label=DELIVERY, amount=about.order.delivery_fee)]
