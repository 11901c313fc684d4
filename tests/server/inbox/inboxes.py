"""People's inboxes as their apps see them: a house that sends in-app messages, and an app with a token."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from notifications.access import Scope
from notifications.tables import messages
from server.parts import utc_now
from storage.tables import businesses
from tests.house import House, open_house, settings_for
from tests.server.api.shop import Shop, shop_of
from tests.server.sender_houses import offer
from tests.waiting import until

PAGE = "https://app.kimia.example"


@dataclass
class App:
    """One person's page or app."""

    house: House
    token: str
    subscriber_id: str
    origin: str | None = None

    async def ask(self, method: str, path: str = "", **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **({"Origin": self.origin} if self.origin else {})}
        return await self.house.public.request(method, f"/inbox/v1/messages{path}", headers=headers, **more)

    async def look(self, **params: Any) -> dict[str, Any]:
        answer = await self.ask("GET", params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def does(self, done: str, message_id: str = "") -> dict[str, Any]:
        answer = await self.ask("POST", f"/{message_id}/{done}" if message_id else f"/{done}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


async def shop_with_inbox(house: House, **more: Any) -> Shop:
    return await shop_of(house, Scope.SUBSCRIBERS_WRITE, Scope.PREFERENCES_WRITE, Scope.INBOX, Scope.NOTIFY, **more)


async def app_of(shop: Shop, person: str = "grace", **body: Any) -> App:
    """The app of somebody whom the shop knows, or meets now."""
    await shop.ask("PUT", f"/v1/subscribers/{person}", json={})
    answer = await shop.post(f"/v1/subscribers/{person}/inbox-token", body)
    assert answer.status_code == 200, answer.text
    return App(shop.house, answer.json()["token"], answer.json()["subscriber_id"])


async def told(house: House, person: str = "grace", count: int = 1) -> list[str]:
    """Tell somebody so many offers in the app, and wait until they are there; the ids, oldest first."""
    ids = [(await offer(house, "inapp", id=person)).message_ids[0] for _ in range(count)]

    async def all_there() -> bool:
        rows = await house.rows(messages, messages.c.id.in_(ids))
        return all(row.status in ("sent", "delivered", "read") for row in rows)

    await until(all_there)
    return ids


async def may_show(house: House, business: str, *origins: str) -> None:
    """As business.yml and `./relais migrate` have it."""
    b = businesses.c
    await house.parts.database.write(
        lambda connection: connection.execute(
            sa.update(businesses).where(b.slug == business).values(inbox_origins=list(origins))
        )
    )


async def row_of(house: House, message_id: str) -> Any:
    (row,) = await house.rows(messages, messages.c.id == message_id)
    return row


@pytest.fixture
async def shop(house: House) -> Shop:
    return await shop_with_inbox(house)


__all__ = ["App", "app_of", "may_show", "row_of", "shop", "shop_with_inbox", "told"]
_ = (AsyncIterator, AsyncExitStack, Path, URL, open_house, settings_for, utc_now)
