"""A small Meta on the loopback that holds files: uploads, resumable uploads, ids, and addresses of the files."""

import base64
import hashlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.transport import AiohttpTransport
from channels.whatsapp.graph import Graph, OneToken

TOKEN = "a-token-nobody-may-see"
NUMBER = "100000000000001"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 60
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 60
OGG = b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x13OpusHead" + b"\x00" * 40

Conduct = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as a form brought it."""

    number: str
    kind: str
    name: str
    content: bytes


@dataclass
class SmallMeta:
    """Knows the files it was told of; `conduct` answers for the file itself, `refusal` for everything else."""

    url: str = ""
    graph: Graph = field(init=False)
    files: dict[str, bytes] = field(default_factory=dict)
    offers: dict[str, dict[str, Any]] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    session: bytearray = field(default_factory=bytearray)
    break_after: int | None = None  # bytes of a resumable upload, once
    refusal: web.Response | None = None
    conduct: Conduct | None = None
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)  # method, path, Authorization
    ids: Any = field(default_factory=lambda: itertools.count(7001))

    def has(self, media_id: str, content: bytes, mime_type: str, **changes: Any) -> None:
        """There is such a file, offered as Meta would unless changed."""
        self.files[media_id] = content
        self.offers[media_id] = {
            "messaging_product": "whatsapp",
            "url": f"{self.url}/files/{media_id}",
            "mime_type": mime_type,
            "sha256": hashlib.sha256(content).hexdigest(),
            "file_size": len(content),
            "id": media_id,
            **changes,
        }

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._remember])
        app.router.add_get("/files/{id}", self._file)
        app.router.add_post("/v23.0/{number:[0-9]+}/media", self._upload)
        app.router.add_post("/v23.0/{app:[0-9]+}/uploads", self._open_session)
        app.router.add_route("*", "/v23.0/{session:upload:.+}", self._continue_session)
        app.router.add_get("/v23.0/{id}", self._offer)
        return app

    @web.middleware
    async def _remember(self, request: web.Request, handler: Conduct) -> web.StreamResponse:
        self.asked.append((request.method, request.path, request.headers.get("Authorization")))
        if self.refusal is not None and not request.path.startswith("/files/"):
            # Sent twice it must be two objects.
            return web.Response(status=self.refusal.status, body=self.refusal.body)
        return await handler(request)

    async def _offer(self, request: web.Request) -> web.Response:
        offer = self.offers.get(request.match_info["id"])
        if offer is None:
            return web.json_response(UNKNOWN_ID, status=400)
        return web.json_response(offer)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if self.conduct is not None:
            return await self.conduct(request)
        return web.Response(body=self.files[request.match_info["id"]])

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        assert form["messaging_product"] == "whatsapp"
        assert form["type"] == file.content_type
        number = request.match_info["number"]
        self.uploads.append(Upload(number=number, kind=file.content_type, name=file.filename, content=file.file.read()))
        return web.json_response({"id": str(next(self.ids))})

    async def _open_session(self, request: web.Request) -> web.Response:
        self.session.clear()
        return web.json_response({"id": "upload:MTp0ZXN0?sig=ARZq"})

    async def _continue_session(self, request: web.Request) -> web.Response:
        assert request.query["sig"] == "ARZq"
        if request.method == "GET":
            return web.json_response({"id": "upload:MTp0ZXN0?sig=ARZq", "file_offset": len(self.session)})
        assert int(request.headers["file_offset"]) == len(self.session)
        content = await request.read()
        if self.break_after is not None:
            self.session += content[: self.break_after]
            self.break_after = None
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        self.session += content
        return web.json_response({"h": "4::aW1hZ2UvanBlZw==:handle"})


UNKNOWN_ID = {"error": {"message": "Unsupported get request.", "code": 100, "error_subcode": 33}}


@asynccontextmanager
async def small_meta() -> AsyncIterator[SmallMeta]:
    meta = SmallMeta()
    server = TestServer(meta.app(), host="127.0.0.1")
    await server.start_server()
    transport = AiohttpTransport(limit=10)
    meta.url = str(server.make_url("")).rstrip("/")
    meta.graph = Graph(transport, meta.url, "v23.0", OneToken(TOKEN))
    try:
        yield meta
    finally:
        await transport.aclose()
        await server.close()


def base64_digest(content: bytes) -> str:
    """A file's hash as webhooks announce it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
