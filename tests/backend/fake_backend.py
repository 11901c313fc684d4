"""A small backend for tests, and what it knows."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from backend import BackendClient, Customer

BASE_URL = "http://backend.test"
GRACE = Customer(business="kimia", phone="+242061234567")
PATRICKS_PHONE = "+242055551234"
CODE = "COUR-20250127-061"
MISSION: dict[str, Any] = {
    "code": CODE,
    "status": "in_transit",
    "created_at": "2025-01-27T09:36:00+01:00",
    "customer_phone": GRACE.phone,
    "steps": {"accepted": "2025-01-27T08:41:00Z"},
    "pickup": {"address": "10 Avenue de la Paix"},
    "dropoff": {"address": "25 Rue Malanda"},
    "recipient": {"name": "Marie Okemba", "phone": "+242061234576"},
    "value": {"amount": "8000", "currency": "XAF"},
    "courier": {"name": "Jean Malonga", "phone": "+242069876543", "organization": "Kimia Express"},
}
PRODUCT: dict[str, Any] = {
    "id": "poulet-mayo",
    "name": "Poulet Mayo",
    "price": {"amount": "2500", "currency": "XAF"},
}

Answer = Callable[[httpx.Request], httpx.Response]


class Backend:
    """A backend that gives its answers in turn, the last one for ever, and remembers what it was asked."""

    def __init__(self, *answers: Answer | httpx.Response) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        return answer if isinstance(answer, httpx.Response) else answer(request)

    def client(self) -> BackendClient:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return BackendClient(http, BASE_URL + "/", "s3cret")


def as_json(body: object, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(body))


def fails(error: type[httpx.TransportError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("told by the test", request=request)

    return answer
