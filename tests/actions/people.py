"""The cast by their opaque ids, and a small server that knows their numbers."""

from typing import Any

import httpx

PEOPLE_URL = "http://server.test"
SECRET = "a-secret-for-tests-only"
PLACES = {"kimia": ("XAF", "CG", "Africa/Brazzaville"), "jasmin": ("TND", "TN", "Africa/Tunis")}

PHONES = {
    "grace": ("kimia", "+242061234567"),
    "patrick": ("kimia", "+242055551234"),
    "aline": ("kimia", "+242066667777"),
    "sami": ("jasmin", "+21620123456"),
    "celine": ("kimia", "+242061119999"),  # sends parcels
    "shy": ("kimia", None),
}
LINK = "https://relais.test/t/kx3N0"
HOURS = {"mon-fri": "08:00-19:00", "sat": "09:00-17:00"}


class SmallServer:
    """Answers at `/internal/people/{sender_id}`, and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.failure: httpx.Response | type[httpx.TransportError] | None = None
        self.hours: dict[str, str] | None = HOURS
        self.asked = {"asked_at": "2025-01-27T09:00:00Z", "is_new": True}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.failure, httpx.Response):
            return self.failure
        if self.failure is not None:
            raise self.failure("told by the test", request=request)
        if request.headers.get("Authorization") != f"Bearer {SECRET}":
            return httpx.Response(401)
        if request.url.path.endswith("/handoffs"):
            return httpx.Response(200, json=self.asked)
        if request.method == "POST":
            return httpx.Response(201, json={"url": LINK, "expires_at": "2026-03-08T12:00:00+00:00"})
        known = PHONES.get(request.url.path.removeprefix("/internal/people/"))
        return httpx.Response(404) if known is None else httpx.Response(200, json=self._person(*known))

    def _person(self, business: str, phone: str | None) -> dict[str, Any]:
        currency, country, timezone = PLACES[business]
        return {
            "phone": phone,
            "name": "Somebody",
            "business": {
                "slug": business,
                "name": business.title(),
                "currency": currency,
                "country": country,
                "timezone": timezone,
                "hours": self.hours,
            },
        }
