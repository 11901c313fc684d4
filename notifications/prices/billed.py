"""What a receipt tells of a message's cost, as columns of the message."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications.prices.countries import country_of
from notifications.prices.files import our_price_book
from notifications.prices.pricing import Cost, billed_as_segments, billed_by_meta
from notifications.told import Told
from storage.tables import businesses


def told_cost(connection: Connection, message: Row[Any], told: Told, business_id: str) -> dict[str, Any]:
    """Empty where it tells nothing that is not known. The first receipt that tells is believed."""
    if message.is_test or message.actual_cost is not None:
        return {}
    at = told.at.date()
    if told.pricing is not None and told.pricing.category is not None:
        kind = told.pricing.type or ("free" if told.pricing.billable is False else "regular")
        if kind == message.price_type:
            return {}
        category = told.pricing.category[:32]
        cost = billed_by_meta(our_price_book(), kind, category, _country(connection, told, business_id), at)
        return {**_columns(cost), "price_type": kind[:32]}
    if told.segments is not None:
        cost = billed_as_segments(our_price_book(), told.segments, _country(connection, told, business_id), at)
        return _columns(cost) if cost.millionths is not None else {}
    return {}


def _columns(cost: Cost) -> dict[str, Any]:
    columns = {"price_category": cost.category, "actual_cost": cost.millionths}
    return columns if cost.currency is None else {**columns, "cost_currency": cost.currency}


def _country(connection: Connection, told: Told, business_id: str) -> str | None:
    """The person's; the business's where only a user id is told, as the estimate has it."""
    b = businesses.c
    return country_of(told.recipient) or connection.scalar(sa.select(b.country).where(b.id == business_id))
