"""What is agreed on and how it is to be paid, for missions and orders alike."""

import sqlite3
from decimal import Decimal

from demo.backend.callers import Caller
from demo.backend.contract.payments import PaymentOption, PaymentWanted
from demo.backend.contract.problems import Code
from demo.backend.contract.values import Money
from demo.backend.problems import Refusal
from demo.backend.records import payments
from demo.backend.records.businesses import Business


def agree(expected: Money, total: Decimal, currency: str) -> None:
    """The customer pays what they were told, or nothing happens."""
    now = Money(amount=total, currency=currency)
    if expected != now:
        raise Refusal.because(Code.PRICE_CHANGED, "It costs something else now: see total.", total=now)


def check_payment(database: sqlite3.Connection, business: Business, wanted: PaymentWanted) -> None:
    """Only ways that are offered, and no reference twice."""
    if business.terms.option(wanted.method, wanted.provider) is None:
        raise Refusal.because(Code.PAYMENT_METHOD_UNAVAILABLE, "It is none of the payment_options.")
    if wanted.reference and payments.reference_is_used(database, business.slug, wanted.reference):
        raise Refusal.because(Code.PAYMENT_REFERENCE_USED, "That reference has paid for something already.")


def bill(database: sqlite3.Connection, asked: Caller, about: str, amount: Decimal, wanted: PaymentWanted) -> None:
    """What is to be paid for a mission or an order."""
    payments.write(
        database,
        about=about,
        business=asked.business,
        customer_phone=asked.phone,
        amount=amount,
        method=wanted.method,
        provider=wanted.provider,
        reference=wanted.reference if wanted.method == "mobile_money" else None,
    )


def change_amount(database: sqlite3.Connection, about: str, amount: Decimal) -> None:
    """What is not paid yet may cost something else; what is paid may not."""
    row = database.execute("SELECT status, amount FROM payments WHERE about = ?", (about,)).fetchone()
    if row is None or Decimal(row["amount"]) == amount:
        return
    if row["status"] != "due":
        raise Refusal.because(Code.TOO_LATE_TO_CHANGE, "It is paid already, and would cost something else there.")
    payments.change_amount(database, about, amount)


def options(business: Business) -> list[PaymentOption]:
    """The ways to pay, as the contract says them."""
    return [PaymentOption.model_validate(each.model_dump()) for each in business.terms.payment_options]
