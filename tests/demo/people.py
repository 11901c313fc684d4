"""The cast of the demo, and how Relais asks on their behalf."""

from itertools import count
from typing import Any

import httpx

TOKEN = "demo-token"
BASE_URL = "http://127.0.0.1:8090"

GRACE = "+242061234567"
PATRICK = "+242055551234"
ALINE = "+242066667777"
SAMI = "+21620123456"


def asking_for(phone: str, business: str = "kimia", token: str = TOKEN) -> dict[str, str]:
    """The headers of a call on behalf of somebody."""
    return {"Authorization": f"Bearer {token}", "Relais-Business": business, "Relais-Customer": phone}


class Person:
    """Somebody on whose behalf Relais asks; every write has a key of its own unless one is given."""

    _keys = count()

    def __init__(self, http: httpx.AsyncClient, phone: str, business: str = "kimia") -> None:
        self.http = http
        self.phone = phone
        self._headers = asking_for(phone, business)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(path, params=params, headers=self._headers)

    async def post(self, path: str, body: object, key: str | None = None) -> httpx.Response:
        return await self.write("POST", path, body, key)

    async def write(self, method: str, path: str, body: object, key: str | None = None) -> httpx.Response:
        headers = self._headers | {"Idempotency-Key": key or f"key-{next(self._keys)}"}
        return await self.http.request(method, path, json=body, headers=headers)

    async def post_bytes(self, path: str, body: bytes) -> httpx.Response:
        headers = self._headers | {"Idempotency-Key": f"key-{next(self._keys)}", "Content-Type": "application/json"}
        return await self.http.post(path, content=body, headers=headers)

    async def read(self, path: str, **params: Any) -> Any:
        answer = await self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def done(self, path: str, body: object) -> Any:
        answer = await self.post(path, body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, str(answer.json()["code"])
