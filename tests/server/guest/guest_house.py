"""A guest in one test process: a link of the desk's, a browser on the public port, and a bot that offers things."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from conversations.guests import links
from conversations.guests.links import GuestLink, Wanted
from server.parts import utc_now
from server.public import public_app
from storage.tables import businesses
from tests.house import House
from tests.waiting import until

ADDRESS = "https://relais.example.com"


async def offering(asked: dict[str, Any]) -> dict[str, Any]:
    """A bot that offers two buttons to whoever greets, and tells what a tap means."""
    tapped = asked.get("parse_data", {}).get("intent", {}).get("name")
    text = asked.get("text") or asked["parse_data"]["text"]
    if tapped:
        return {"responses": [{"text": f"You chose {tapped}."}], "events": [{"event": "user"}]}
    buttons = [{"title": "My parcel", "payload": "/track"}, {"title": "Our prices", "payload": "/prices"}]
    said = {"text": f"*Hello* <guest>, you said {text}", "buttons": buttons}
    return {"responses": [said], "events": [{"event": "user"}]}


@dataclass
class Guest:
    """A browser that opened a link."""

    client: httpx.AsyncClient
    path: str

    async def page(self, **headers: str) -> httpx.Response:
        return await self.client.get(self.path, headers=headers)

    async def says(self, text: str, key: str = "", **headers: str) -> httpx.Response:
        return await self.client.post(self.path, data={"text": text, "key": key}, headers=headers)

    async def taps(self, title: str) -> httpx.Response:
        """The button or row with these words."""
        page = (await self.page()).text
        form = next(each for each in re.findall(r'<form class="taps".*?</form>', page, re.DOTALL) if title in each)
        fields = dict(re.findall(r'name="(key|message)" value="([^"]*)"', form))
        found = re.search(rf'name="choice" value="([^"]+)">{re.escape(title)}', form)
        assert found is not None
        return await self.client.post(self.path, data={**fields, "choice": found[1]})

    async def sees(self, words: str) -> str:
        """The page, once these words stand on it."""

        async def stands() -> str | None:
            page = (await self.page()).text
            return page if words in page else None

        return str(await until(stands))


@dataclass
class GuestHouse:
    """A server with its worker, and links that lead to it."""

    house: House

    @cached_property
    def app(self) -> FastAPI:
        """The public port, at which all browsers ask."""
        return public_app(self.house.parts)

    async def link(self, **changes: Any) -> tuple[str, GuestLink]:
        """The secret of a new link at Kimia, and the link."""
        wanted = {"label": "Support team", "language": "en", "days": 7, "most_guests": 3, **changes}
        database = self.house.parts.database
        business = await database.read(
            lambda connection: connection.scalar(sa.select(businesses.c.id).where(businesses.c.slug == "kimia"))
        )
        secret = await database.write(links.make, str(business), Wanted(**wanted), "Awa Diallo", utc_now())
        found = await database.read(links.find, secret)
        assert found is not None
        return secret, found

    def browser(self, secret: str) -> Guest:
        """A new browser, which has opened nothing yet."""
        transport = httpx.ASGITransport(app=self.app)
        client = httpx.AsyncClient(transport=transport, base_url=ADDRESS, follow_redirects=True)
        return Guest(client, f"/g/{secret}")

    async def guest(self, **changes: Any) -> Guest:
        """A browser at a new link."""
        secret, _ = await self.link(**changes)
        return self.browser(secret)
