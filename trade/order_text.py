"""An order as its customer reads it: what was bought, what it costs, how far it is."""

from trade.markup import plain, shorten
from trade.missions import Mission, progress
from trade.moments import format_moment
from trade.money import format_money
from trade.orders import Order, PricedLine
from trade.payments import Payment
from trade.timeline import step_label
from trade.words import render

# Each field at its limit still leaves the text readable on a phone.
CODE_LIMIT = 64
STATUS_LIMIT = 64
NAME_LIMIT = 60
ADDRESS_LIMIT = 160
NOTE_LIMIT = 120
LINES_SHOWN = 8


def render_order(order: Order, mission: Mission | None, timezone: str, locale: str) -> str:
    """The whole order as WhatsApp text, with the steps of the delivery that brings it, if there is one."""
    return render(
        "order",
        locale,
        code=_field(order.code, CODE_LIMIT),
        merchant=_field(order.merchant.name, NAME_LIMIT),
        status=order_status_label(order.status, locale),
        steps=[(step_label(step, locale), state.value) for step, state in progress(mission)] if mission else [],
        lines=[_line(line, locale) for line in order.lines[:LINES_SHOWN]],
        left_out=len(order.lines[LINES_SHOWN:]),
        promo_code=_field(order.promo_code, CODE_LIMIT),
        discount=format_money(order.discount, locale) if order.discount.amount else "",
        delivery_fee=format_money(order.delivery_fee, locale),
        total=format_money(order.total, locale),
        payment=payment_label(order.payment, locale) if order.payment else "",
        dropoff=_field(order.dropoff.address, ADDRESS_LIMIT),
        recipient=_field(order.recipient_name, NAME_LIMIT),
        note=_field(order.note, NOTE_LIMIT),
        arrival=format_moment(order.expected_at, timezone, locale) if order.expected_at else "",
    ).strip()


def order_status_label(status: str, locale: str) -> str:
    """What an order's status means, in a word or two; an unknown one as its own words."""
    words = _field(status.replace("_", " "), STATUS_LIMIT)
    return render("order_status", locale, status=status, words=words).strip()


def payment_label(payment: Payment, locale: str) -> str:
    """How far a payment is, and how it is made, in a short sentence."""
    return render(
        "payment",
        locale,
        status=payment.status,
        words=_field(payment.status.replace("_", " "), STATUS_LIMIT),
        method=payment.method,
        provider=_field(payment.provider, NAME_LIMIT),
    ).strip()


def _line(line: PricedLine, locale: str) -> dict[str, str | int]:
    return {
        "quantity": line.quantity,
        "name": _field(line.name, NAME_LIMIT),
        "choices": _field(", ".join(line.choice_names), NAME_LIMIT),
        "note": _field(line.note, NAME_LIMIT),
        "total": format_money(line.total, locale),
    }


def _field(text: str | None, limit: int) -> str:
    return shorten(plain(text or ""), limit)
