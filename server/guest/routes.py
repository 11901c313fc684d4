"""/g/{token}: the page, what is new on it, what a guest says, and the files that agents send them."""

import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from sqlalchemy.engine import Connection

from channels.guest import BadWords
from conversations import sent_files
from conversations.guests import talking
from conversations.guests.links import GuestLink
from conversations.guests.talking import LinkFull, Said
from conversations.inbox import Inbox
from conversations.people import Conversation
from server.guest.door import COOKIE, GuestDoor, Turned
from server.guest.page import Composer, chat_page, talk_piece, turned_page
from server.guest.reading import View, find_tap, read_view
from server.media_routes import serve_kept
from server.parts import Parts, utc_now
from server.tracking.routes import HEADERS as CLOSED
from server.tracking.routes import preferred_language

STATIC: Final = Path(__file__).parent / "static"

MAX_FORM_BYTES: Final = 16_384
"""A thousand characters of four bytes, each written as three signs, and the names beside them."""

_KEY_BYTES: Final = 16


def guest_routes(parts: Parts) -> APIRouter:
    """The routes under /g of the public port."""
    router, pages = APIRouter(prefix="/g", route_class=_Spoken), _Pages(parts)
    router.get("/{token}")(pages.show)
    router.get("/{token}/talk")(pages.talk)
    router.post("/{token}")(pages.say)
    router.get("/{token}/files/{file_id}")(pages.file)
    return router


class _Spoken(APIRoute):
    """Every no is a page in the reader's language."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await answer(request)
            except Turned as turned:
                language = _language(request, turned.link)
                return Response(turned_page(turned.why, language), turned.status, _headers(), "text/html")

        return guarded


class _Pages:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._door = GuestDoor(parts)

    async def show(self, token: str, request: Request) -> Response:
        """The whole page. It begins no talk: scanners follow every link."""
        link, talk = await self._door.look(request, token)
        return await self._page(request, token, link, talk)

    async def talk(self, token: str, request: Request, seen: str = "") -> Response:
        """What was said, as a piece; 204 where that is what is seen."""
        link, talk = await self._door.look(request, token)
        piece = talk_piece(await self._view(link, talk), token, _language(request, link))
        if piece.version == seen:
            return Response(status_code=204, headers=self._headers())
        return self._html(piece.html)

    async def say(self, token: str, request: Request) -> Response:
        """Words, or a tap on what was offered; then the page again."""
        link, talk = await self._door.speak(request, token)
        form = await _form(request)
        try:
            talk, secret = await self._parts.database.write(_say, self._parts.inbox, link, talk, form)
        except BadWords as bad:
            composer = Composer(key=_key(), text=form.get("text", ""), problem=bad.why)
            return await self._page(request, token, link, talk, composer, 422)
        self._parts.wakeup.signal("turns")
        self._parts.wakeup.signal("messages")
        answer = RedirectResponse(_address(request, token), 303, self._headers())
        if secret:
            _keep_cookie(answer, request, token, secret, link)
        return answer

    async def file(self, token: str, file_id: UUID, request: Request) -> Response:
        """A file that an agent sent to this guest."""
        _, talk = await self._door.look(request, token)
        found = await self._parts.database.read(sent_files.find, str(file_id), talk.id) if talk else None
        if found is None:
            raise HTTPException(404)
        return await serve_kept(self._parts, found, found.storage_key, request)

    async def _view(self, link: GuestLink, talk: Conversation | None) -> View:
        view = await self._parts.database.read(read_view, link, talk)
        if talk is not None and view.not_fetched:
            await self._parts.database.write(view.fetched, talk.id, utc_now())
            self._parts.wakeup.signal("messages")
        return view

    async def _page(
        self,
        request: Request,
        token: str,
        link: GuestLink,
        talk: Conversation | None,
        composer: Composer | None = None,
        status: int = 200,
    ) -> Response:
        view = await self._view(link, talk)
        page = chat_page(view, token, composer or Composer(key=_key()), _language(request, link))
        return self._html(page, status)

    def _html(self, html: str, status: int = 200) -> Response:
        return Response(html, status, self._headers(), "text/html")

    def _headers(self) -> dict[str, str]:
        return _headers(has_local_pictures=self._parts.settings.uses_emulator)


def _say(
    connection: Connection, inbox: Inbox, link: GuestLink, talk: Conversation | None, form: dict[str, str]
) -> tuple[Conversation, str]:
    """The talk, and the secret of its guest where they are new. Raises Turned and BadWords."""
    now, secret = utc_now(), ""
    said = Said(key=_given_key(form), words=form.get("text", ""))
    if form.get("choice"):
        tap = None if talk is None else find_tap(connection, talk.id, form.get("message", ""), form["choice"])
        if tap is None:
            raise Turned("not_offered", link)
        said = Said(key=said.key, tap=tap, on=form["message"])
    if talk is None:
        try:
            talk, secret = talking.enter(connection, link, now)
        except LinkFull:
            raise Turned("full", link) from None
    talking.say(connection, inbox, talk, said, now)
    return talk, secret


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form as our page sends it. 413 where it is larger than one of ours can be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413, "This is more than a message holds.")
    fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[-1] for name, values in fields.items()}


def _given_key(form: dict[str, str]) -> str:
    """What the page calls this message; one that is none of ours is not trusted to be the only one."""
    given = form.get("key", "")
    return given if 16 <= len(given) <= 64 and given.isascii() and given.replace("-", "").isalnum() else _key()


def _key() -> str:
    return secrets.token_hex(_KEY_BYTES)


def _keep_cookie(answer: Response, request: Request, token: str, secret: str, link: GuestLink) -> None:
    answer.set_cookie(
        COOKIE,
        secret,
        path=f"/g/{token}",
        max_age=max(0, int((link.expires_at - utc_now()).total_seconds())),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _address(request: Request, token: str) -> str:
    chosen = request.query_params.get("lang", "")
    return f"/g/{token}" + (f"?lang={chosen}" if chosen in ("fr", "en") else "")


def _language(request: Request, link: GuestLink | None) -> str:
    """The one that is asked for, else the link's, else the browser's."""
    chosen = request.query_params.get("lang", "")
    if chosen in ("fr", "en") or link is None:
        return preferred_language(request)
    return link.language


def _headers(*, has_local_pictures: bool = False) -> dict[str, str]:
    """Beside an emulator the shop whose pictures are shown is on this machine too."""
    shop = " http://127.0.0.1:* http://localhost:*" if has_local_pictures else ""
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        f"img-src 'self' data: https:{shop}; media-src 'self' https:{shop}; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return {**CLOSED, "Content-Security-Policy": policy}
