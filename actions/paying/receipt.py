"""The receipt as WhatsApp text: what was paid for, how much, how and when."""

from actions.words import compose
from trade.markup import plain, shorten
from trade.moments import format_moment
from trade.money import format_money
from trade.payments import PaymentMethod, Receipt

MAX_LABEL = 60  # characters of a line
LINES_SHOWN = 10  # with the rest under the 1 024 characters of a message with buttons


def receipt_text(receipt: Receipt, timezone: str, language: str) -> str:
    """In full, but for the lines beyond the tenth."""
    lines = [
        {
            "quantity": line.quantity,
            "label": shorten(plain(line.label), MAX_LABEL),
            "amount": format_money(line.amount, language),
        }
        for line in receipt.lines[:LINES_SHOWN]
    ]
    return compose(
        "receipt",
        language,
        number=shorten(plain(receipt.number), MAX_LABEL),
        issuer=shorten(plain(receipt.issuer), MAX_LABEL),
        about=shorten(plain(receipt.about), MAX_LABEL),
        issued_at=format_moment(receipt.issued_at, timezone, language),
        lines=lines,
        left_out=len(receipt.lines[LINES_SHOWN:]),
        discount=format_money(receipt.discount, language) if receipt.discount.amount else "",
        total=format_money(receipt.total, language),
        is_cash=receipt.payment.method == PaymentMethod.CASH,
        provider=shorten(plain(receipt.payment.provider or ""), MAX_LABEL),
        reference=shorten(plain(receipt.payment.reference or ""), MAX_LABEL),
    )
