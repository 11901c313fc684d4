"""What messages cost together: by business, channel, category and template.

A message counts on the day on which it was queued, so that neighbouring times never count one twice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.prices.pricing import amount_of
from notifications.status import Status
from notifications.tables import messages
from storage.among import among
from storage.types import first_id_at

BILLED: Final = (Status.SENT, Status.DELIVERED, Status.READ)
"""What was taken counts until it is known to have failed: providers bill what they deliver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What the messages of one kind cost, in one currency."""

    business_id: str
    channel: str
    category: str
    """What they are billed as: service, utility, marketing, authentication, sms, or a further word of Meta's."""
    template: str | None
    """WhatsApp: the template that left; None for words of our own, and on other channels."""
    currency: str | None
    """None where nobody knows a price."""
    messages: int
    amount: Decimal
    """As receipts told, else as estimated."""
    estimated: Decimal
    """The part of it that no receipt told of yet."""
    unknown: int
    """Messages in it of which nobody knows a price: they count as nothing."""


def totals(connection: Connection, businesses: Collection[str] | None, start: datetime, end: datetime) -> list[Total]:
    """What was queued from `start` until before `end` and left, the dearest first. None: of all businesses."""
    times = {"first": first_id_at(start), "last": first_id_at(end)}
    asked = times if businesses is None else {**times, "businesses": list(businesses)}
    rows = connection.execute(_totals(of_all=businesses is None), asked)
    return [
        Total(
            business_id=row.business_id,
            channel=row.channel,
            category=row.price_category,
            template=row.template,
            currency=row.cost_currency,
            messages=row.messages,
            amount=amount_of(row.amount) or Decimal(0),
            estimated=amount_of(row.estimated) or Decimal(0),
            unknown=row.unknown,
        )
        for row in rows
    ]


@cache
def _totals(*, of_all: bool) -> sa.Select[Any]:
    m = messages.c
    known = sa.func.coalesce(m.actual_cost, m.estimated_cost)
    # Sums of whole numbers are of an exact type on PostgreSQL, which reads as a Decimal.
    amount = sa.cast(sa.func.sum(known), sa.BigInteger)
    estimated = sa.cast(sa.func.sum(sa.case((m.actual_cost.is_(None), m.estimated_cost))), sa.BigInteger)
    kind = m.business_id, m.channel, m.price_category, _template(), m.cost_currency
    where = [m.id >= sa.bindparam("first", type_=m.id.type), m.id < sa.bindparam("last", type_=m.id.type)]
    if not of_all:
        where.append(among(m.business_id, "businesses"))
    return (
        sa.select(
            *kind,
            sa.func.count().label("messages"),
            amount.label("amount"),
            estimated.label("estimated"),
            sa.func.sum(sa.case((known.is_(None), 1), else_=0)).label("unknown"),
        )
        .where(*where, m.price_category.is_not(None), m.status.in_(BILLED))
        .group_by(*kind)
        .order_by(sa.desc(sa.func.coalesce(amount, 0)), sa.desc(sa.func.count()))
    )


def _template() -> sa.Label[Any]:
    """By the name that was queued: an alternate that left in its place counts as it."""
    m = messages.c
    named = [each[("template", "name")].as_string() for each in (m.payload, m.template_payload)]
    return sa.case((m.sent_form == "template", sa.func.coalesce(*named))).label("template")
