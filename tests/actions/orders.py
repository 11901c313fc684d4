"""An order as backends tell it, and the delivery that brings it."""

from typing import Any

from tests.backend.fake_backend import GRACE

ORDER_CODE, ITS_DELIVERY = "CMD-20250127-012", "COUR-20250127-080"
ORDER: dict[str, Any] = {
    "code": ORDER_CODE,
    "status": "placed",
    "created_at": "2025-01-27T12:00:00Z",
    "customer_phone": GRACE.phone,
    "merchant": {"id": "maman-wivine", "name": "Chez Maman Wivine", "phone": "+242066110201"},
    "lines": [
        {
            "product_id": "poulet-mayo",
            "name": "Poulet Mayo",
            "quantity": 2,
            "choices": ["double-plantains"],
            "choice_names": ["Double portion de plantains"],
            "unit_price": {"amount": "3000", "currency": "XAF"},
            "total": {"amount": "6000", "currency": "XAF"},
        }
    ],
    "subtotal": {"amount": "6000", "currency": "XAF"},
    "discount": {"amount": "0", "currency": "XAF"},
    "delivery_fee": {"amount": "1000", "currency": "XAF"},
    "total": {"amount": "7000", "currency": "XAF"},
    "dropoff": {"address": "10 Avenue de la Paix, Poto-Poto"},
    "mission_code": ITS_DELIVERY,
    "expected_at": "2025-01-27T13:30:00Z",
    "payment": {
        "about": ORDER_CODE,
        "method": "mobile_money",
        "status": "due",
        "amount": {"amount": "7000", "currency": "XAF"},
        "provider": "MTN MoMo",
        "pay_to": "+242065000001",
    },
    "allowed": ["cancel", "change_dropoff", "pay", "claim"],
}
DELIVERY: dict[str, Any] = {
    "code": ITS_DELIVERY,
    "status": "pending",
    "created_at": "2025-01-27T12:00:00Z",
    "customer_phone": GRACE.phone,
    "order_code": ORDER_CODE,
    "allowed": ["claim"],
}
