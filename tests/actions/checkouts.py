"""A cart on its way to an order, as the conversation holds it; and what backends say of it."""

from typing import Any

from tests.actions.people import PHONES

ASKER = "celine"
FORM = "checkout_form"
SUMMARY = "0198-order-summary"


def cart(*lines: tuple[str, int], promo_code: str | None = None) -> dict[str, Any]:
    """So many of each of these products, as the slot holds them."""
    return {
        "merchant_id": "maman-wivine",
        "merchant": "Chez Maman Wivine",
        "promo_code": promo_code,
        "lines": [
            {
                "product_id": product,
                "name": product.replace("-", " ").title(),
                "quantity": quantity,
                "choices": [],
                "choice_names": [],
                "shown_price": None,
            }
            for product, quantity in lines
        ],
    }


ANSWERED: dict[str, Any] = {
    "cart": cart(("poulet-mayo", 2)),
    "checkout_dropoff": {"address": "10 Avenue de la Paix, Poto-Poto"},
    "checkout_recipient_name": "",
    "checkout_recipient_phone": "",
    "checkout_payment": {"method": "cash", "provider": None},
    "checkout_note": "portail bleu",
}
WISH: dict[str, Any] = {
    "lines": [{"product_id": "poulet-mayo", "quantity": 2, "choices": [], "note": None}],
    "dropoff": {"address": "10 Avenue de la Paix, Poto-Poto"},
    "promo_code": None,
    "payment": {"method": "cash", "provider": None},
    "total": {"amount": "6000", "currency": "XAF"},
    "recipient": None,
    "note": "portail bleu",
}
SHOWN = {"id": SUMMARY, "wish": WISH, "in_doubt": False}
LINE = {
    "product_id": "poulet-mayo",
    "name": "Poulet Mayo",
    "quantity": 2,
    "unit_price": {"amount": "2500", "currency": "XAF"},
    "total": {"amount": "5000", "currency": "XAF"},
}
QUOTED = {
    "merchant": {"id": "maman-wivine", "name": "Chez Maman Wivine"},
    "lines": [LINE],
    "subtotal": {"amount": "5000", "currency": "XAF"},
    "discount": {"amount": "0", "currency": "XAF"},
    "delivery_fee": {"amount": "1000", "currency": "XAF"},
    "total": {"amount": "6000", "currency": "XAF"},
    "expected_at": "2025-01-27T09:40:00Z",
    "payment_options": [
        {"method": "cash"},
        {"method": "mobile_money", "provider": "MTN MoMo", "pay_to": "+242065000001"},
    ],
    "problems": [],
}
PLACED = {
    "code": "CMD-20250127-012",
    "status": "placed",
    "created_at": "2025-01-27T09:00:00Z",
    "customer_phone": PHONES[ASKER][1],
    "merchant": {"id": "maman-wivine", "name": "Chez Maman Wivine"},
    **{key: QUOTED[key] for key in ("lines", "subtotal", "discount", "delivery_fee", "total", "expected_at")},
    "dropoff": {"address": "10 Avenue de la Paix, Poto-Poto"},
    "mission_code": "COUR-20250127-099",
    "allowed": ["cancel", "change_dropoff"],
}
DUE = {
    "about": "CMD-20250127-012",
    "method": "mobile_money",
    "status": "due",
    "amount": {"amount": "6000", "currency": "XAF"},
    "provider": "MTN MoMo",
    "pay_to": "+242065000001",
}


def quoted(*problems: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The quote with these problems."""
    return QUOTED | {"problems": list(problems)} | more
