"""What people of the tests ask for, as bodies of the contract."""

from typing import Any

FCFA = "XAF"
HOME = {"address": "114 Rue Mbochis, Poto-Poto"}
MARKET = {"address": "8 Avenue Matsoua, Bacongo"}
FAR_AWAY = {"location": {"latitude": 48.8566, "longitude": 2.3522}}  # Paris
MARIE = {"name": "Marie Okemba", "phone": "+242061234576"}
CASH = {"method": "cash"}
MOMO = {"method": "mobile_money", "provider": "MTN MoMo"}

PARCEL: dict[str, Any] = {"pickup": HOME, "dropoff": MARKET, "value": {"amount": "5000", "currency": FCFA}}
CART: dict[str, Any] = {"lines": [{"product_id": "poulet-mayo", "quantity": 2}], "dropoff": HOME}


def fcfa(amount: int) -> dict[str, str]:
    return {"amount": str(amount), "currency": FCFA}


def dinars(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "TND"}


def line(product_id: str, quantity: int = 1, *choices: str) -> dict[str, Any]:
    return {"product_id": product_id, "quantity": quantity, "choices": list(choices)}


def cart(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"lines": list(lines), "dropoff": HOME, **more}


def parcel_at(total: dict[str, str], **more: Any) -> dict[str, Any]:
    return {**PARCEL, "recipient": MARIE, "payment": CASH, "expected_total": total, **more}


def order_at(total: dict[str, str], cart: dict[str, Any] = CART, **more: Any) -> dict[str, Any]:
    return {**cart, "payment": CASH, "expected_total": total, **more}
