"""A parcel whose every question is answered, as the conversation holds it; and what backends say of it."""

from typing import Any

import httpx

from tests.backend.fake_backend import as_json

ASKER = "celine"
FORM = "parcel_form"
FILLED: dict[str, Any] = {
    "parcel_pickup": {"address": "10 Avenue de la Paix, Poto-Poto"},
    "parcel_dropoff": {"latitude": -4.288, "longitude": 15.261},
    "parcel_recipient_name": "Marie Okemba",
    "parcel_recipient_phone": "+242061234576",
    "parcel_value": "10000",
    "parcel_note": "Sonner deux fois",
}
SUMMARY = "0198-summary"
QUOTE: dict[str, Any] = {
    "id": SUMMARY,
    "amount": "1600",
    "currency": "XAF",
    "method": "cash",
    "provider": None,
    "in_doubt": False,
}
QUOTED = {
    "total": {"amount": "1600", "currency": "XAF"},
    "expected_at": "2025-01-27T09:40:00Z",
    "payment_options": [{"method": "cash"}],
}
CREATED = {
    "code": "COUR-20250127-099",
    "status": "pending",
    "created_at": "2025-01-27T09:00:00Z",
    "customer_phone": "+242061119999",
    "allowed": ["cancel"],
}


def refusal(code: str, **more: Any) -> httpx.Response:
    """409 with this code."""
    return as_json({"type": "about:blank", "status": 409, "code": code, **more}, 409)
