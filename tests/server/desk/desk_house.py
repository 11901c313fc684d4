"""The desk in one test process: the server's real parts and private port, and browsers of members in any role."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.engine import URL, Connection

from server.desk.door import COOKIE, CSRF_HEADER, csrf_of
from server.parts import utc_now
from server.private import private_app
from staff import Member, Role, members, sessions
from storage.tables import businesses
from tests.house import House, open_house, settings_for

ADDRESS = "http://127.0.0.1:8081"


@dataclass
class Browser:
    """A browser of somebody who is logged in, or of nobody."""

    client: httpx.AsyncClient
    member: Member | None = None

    @property
    def token(self) -> str:
        """The cookie of its session."""
        return self.client.cookies.get(COOKIE) or ""

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        """A page, by its path after /desk."""
        return await self.client.get(f"/desk{path}", **kwargs)

    async def post(self, path: str, data: Mapping[str, Any] | None = None, **kwargs: Any) -> httpx.Response:
        """A form, with the token that our pages put into it."""
        return await self.client.post(f"/desk{path}", data={"csrf": csrf_of(self.token), **(data or {})}, **kwargs)

    async def htmx(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """What htmx asks for from within a page."""
        headers = {"HX-Request": "true", CSRF_HEADER: csrf_of(self.token)}
        return await self.client.request(method, f"/desk{path}", headers=headers, **kwargs)


@dataclass
class DeskHouse:
    """A server whose desk is open; its worker rests."""

    house: House
    app: FastAPI
    _clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def parts(self) -> Any:
        """The server's parts."""
        return self.house.parts

    async def business(self, slug: str = "kimia") -> str:
        """The id of a business."""
        found = await self.parts.database.read(_business_id, slug)
        return str(found)

    async def member(self, role: Role, business: str | None = None, name: str = "Awa Diallo") -> Member:
        """Somebody who works here: in this role, at this business (its slug) or in the whole house."""
        where = None if business is None else await self.business(business)
        count = len(await self.parts.database.read(members.listed))
        made: Member = await self.parts.database.write(
            members.add,
            email=f"{role.value}{count}@example.com",
            name=name,
            password_hash=None,
            roles={where: role},
            now=utc_now(),
        )
        return made

    async def as_role(self, role: Role, business: str | None = None, name: str = "Awa Diallo") -> Browser:
        """The browser of a new member in this role."""
        return await self.as_member(await self.member(role, business, name))

    async def as_member(self, member: Member) -> Browser:
        """A new browser of this member, logged in."""
        token = await self.session(member)
        browser = self.stranger()
        browser.client.cookies.set(COOKIE, token)
        return Browser(browser.client, member)

    async def session(self, member: Member) -> str:
        """The cookie of a new session."""
        token: str = await self.parts.database.write(
            sessions.begin, member.id, utc_now(), address="127.0.0.1", agent="a test", has_passed=True
        )
        return token

    def stranger(self, **headers: str) -> Browser:
        """A browser of nobody."""
        transport = httpx.ASGITransport(app=self.app)
        client = httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers={"Accept-Language": "en", **headers})
        self._clients.append(client)
        return Browser(client)

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()
        # Also the worker, where a test started it.
        await self.house.stop()


def open_desk(url: URL, tmp_path: Path, **settings: Any) -> DeskHouse:
    """Build one; close it yourself."""
    house = open_house(settings_for(url, tmp_path, **settings))
    return DeskHouse(house, private_app(house.parts))


@pytest.fixture
async def desk_house(database_address: URL, tmp_path: Path) -> AsyncIterator[DeskHouse]:
    """The desk on each kind of database."""
    opened = open_desk(database_address, tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def small_desk(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[DeskHouse]:
    """The desk on SQLite alone."""
    opened = open_desk(sqlite_address, tmp_path)
    yield opened
    await opened.close()


def _business_id(connection: Connection, slug: str) -> str:
    return str(connection.scalar(sa.select(businesses.c.id).where(businesses.c.slug == slug)))
