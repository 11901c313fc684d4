"""A business's own system, as the tests of the API play it: it has a key, and asks."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from notifications import access
from notifications.access import ApiKey, Scope
from server.parts import utc_now
from tests.house import House


@dataclass
class Shop:
    """Asks the API with one key."""

    house: House
    key: ApiKey
    secret: str = field(repr=False)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.ask("GET", path, **more)

    async def post(self, path: str, body: Any = None, key: str | None = None, **more: Any) -> httpx.Response:
        headers = {} if key is None else {"Idempotency-Key": key}
        return await self.ask("POST", path, json={} if body is None else body, headers=headers, **more)

    async def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        ours = {"Authorization": f"Bearer {self.secret}", **(headers or {})}
        return await self.house.private.request(method, path, headers=ours, **more)


async def shop_of(house: House, *scopes: Scope, business: str = "kimia", is_test: bool = False, **changes: Any) -> Shop:
    """A shop with a new key; without scopes it may do everything."""
    given: dict[str, Any] = {
        "business": business,
        "name": "a shop of the tests",
        "scopes": scopes or (Scope.ADMIN,),
        "is_test": is_test,
        "expires_at": None,
        "now": utc_now(),
        **changes,
    }
    key, secret = await house.parts.database.write(access.create, **given)
    return Shop(house, key, secret)
