"""Payments: one for each mission or order that costs something."""

import sqlite3
from datetime import datetime
from decimal import Decimal

from demo.backend.contract.payments import Payment
from demo.backend.contract.values import Money
from demo.backend.records import businesses
from demo.backend.store import insert, to_moment, to_text


def find(database: sqlite3.Connection, business: str, about: str) -> Payment | None:
    """What is to be paid for this mission or order."""
    row = database.execute(
        "SELECT payments.*, currency FROM payments JOIN businesses ON slug = business WHERE business = ? AND about = ?",
        (business, about),
    ).fetchone()
    return _payment(database, row) if row else None


def write(
    database: sqlite3.Connection,
    *,
    about: str,
    business: str,
    customer_phone: str,
    amount: Decimal,
    method: str,
    provider: str | None,
    reference: str | None,
) -> None:
    """What is to be paid; with a reference it is said to be paid already."""
    insert(
        database,
        "payments",
        about=about,
        business=business,
        customer_phone=customer_phone,
        method=method,
        provider=provider,
        status="checking" if reference else "due",
        amount=str(amount),
        reference=reference,
        paid_at=None,
    )


def reference_is_used(database: sqlite3.Connection, business: str, reference: str) -> bool:
    """One payment pays for one thing."""
    sql = "SELECT 1 FROM payments WHERE business = ? AND reference = ?"
    return database.execute(sql, (business, reference)).fetchone() is not None


def give_reference(database: sqlite3.Connection, about: str, provider: str | None, reference: str) -> None:
    """The customer says that they have paid."""
    database.execute(
        """
        UPDATE payments SET method = 'mobile_money', status = 'checking', reference = ?,
               provider = coalesce(?, provider) WHERE about = ?
        """,
        (reference, provider, about),
    )


def change_amount(database: sqlite3.Connection, about: str, amount: Decimal) -> None:
    """It costs something else now."""
    database.execute("UPDATE payments SET amount = ? WHERE about = ?", (str(amount), about))


def settle(database: sqlite3.Connection, about: str, now: datetime, *, cash_is_in: bool) -> None:
    """The money has come: references are believed by now, and cash is when the courier has it."""
    database.execute(
        """
        UPDATE payments SET status = 'paid', paid_at = ?
         WHERE about = ? AND (status = 'checking' OR (? AND method = 'cash' AND status = 'due'))
        """,
        (to_text(now), about, cash_is_in),
    )


def call_off(database: sqlite3.Connection, about: str) -> None:
    """What was cancelled costs nothing; what was paid goes back."""
    database.execute(
        """
        UPDATE payments SET status = CASE WHEN status IN ('paid', 'checking') THEN 'refunded' ELSE 'cancelled' END
         WHERE about = ?
        """,
        (about,),
    )


def _payment(database: sqlite3.Connection, row: sqlite3.Row) -> Payment:
    option = businesses.one(database, row["business"]).terms.option(row["method"], row["provider"])
    return Payment(
        about=row["about"],
        method=row["method"],
        status=row["status"],
        amount=Money(amount=row["amount"], currency=row["currency"]),
        provider=row["provider"],
        pay_to=option.pay_to if option and row["status"] == "due" else None,
        reference=row["reference"],
        paid_at=to_moment(row["paid_at"]) if row["paid_at"] else None,
    )
