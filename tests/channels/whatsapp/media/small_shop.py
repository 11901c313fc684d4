"""A shop's web server on the loopback, and names that lead where a test wants."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from tests.channels.whatsapp.media.small_meta import Conduct


@dataclass
class SmallShop:
    """Answers each path as told, and remembers what it was asked for."""

    url: str = ""
    port: int = 0
    pages: dict[str, Conduct] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def shows(self, path: str, content: bytes, mime_type: str = "image/jpeg", **headers: str) -> str:
        """There is such a file; returns its link."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def conduct(request: web.Request) -> web.StreamResponse:
            if "ETag" in named and request.headers.get("If-None-Match") == named["ETag"]:
                return web.Response(status=304)
            return web.Response(body=content, headers={"Content-Type": mime_type, **named})

        self.pages[path] = conduct
        return f"{self.url}{path}"

    def does(self, path: str, conduct: Conduct) -> str:
        self.pages[path] = conduct
        return f"{self.url}{path}"

    def leads(self, path: str, location: str) -> str:
        async def conduct(request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": location})

        return self.does(path, conduct)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.headers.append(dict(request.headers))
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        return await page(request)


@dataclass
class Names(AbstractResolver):
    """Names and the addresses that each question brings, the last one again and again."""

    answers: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        left = self.answers[host]
        address = left.pop(0) if len(left) > 1 else left[0]
        found = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=found, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def small_shop() -> AsyncIterator[SmallShop]:
    shop = SmallShop()
    app = web.Application()
    app.router.add_get("/{path:.*}", shop.answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    shop.url, shop.port = str(server.make_url("")).rstrip("/"), server.port or 0
    try:
        yield shop
    finally:
        await server.close()
