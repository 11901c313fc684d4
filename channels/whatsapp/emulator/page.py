"""The phone page: HTML first, and what a person does on it. Script only saves reloads."""

import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, File, Form, Header, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from channels.whatsapp.emulator import phone
from channels.whatsapp.emulator.chats import Chat
from channels.whatsapp.emulator.labels import Labels, labels_for, locale_of
from channels.whatsapp.emulator.media import LARGEST_AUDIO_BYTES, MediaProblem, StoredMedia, kind_of
from channels.whatsapp.emulator.numbers import wa_id_of
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.phone import Payload, PhoneProblem
from channels.whatsapp.emulator.view import Row, View

MOST_SHOWN = 4  # phones side by side

router = APIRouter()

type Open = Annotated[list[str], Query(alias="open")]
type AcceptLanguage = Annotated[str, Header()]


@router.get("/", response_class=HTMLResponse)
async def home(request: Request, wanted: Open = [], accept_language: AcceptLanguage = "") -> HTMLResponse:  # noqa: B006
    return _home(parts_of(request), labels_for(locale_of(accept_language)), wanted)


@router.post("/phones")
async def add_phone(
    request: Request,
    number: Annotated[str, Form()],
    phone_number_id: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
    accept_language: AcceptLanguage = "",
) -> Response:
    parts = parts_of(request)
    try:
        wa_id = wa_id_of(number)
    except ValueError:
        return _home(parts, labels_for(locale_of(accept_language)), [], wrong_number=number)
    if phone_number_id not in parts.directory.numbers:
        raise HTTPException(404, "No business has this number.")
    chat = parts.switchboard.open_chat(phone_number_id, wa_id, name.strip() or None)
    return RedirectResponse("/?" + urlencode({"open": chat.key}), 303)


@router.post("/chats/{key}/text")
async def write(key: str, request: Request, text: Annotated[str, Form()] = "") -> Response:
    chat = _chat(request, key)
    return _send(request, chat, _possible(lambda: phone.text(text)))


@router.post("/chats/{key}/tap")
async def tap(key: str, request: Request, wamid: Annotated[str, Form()], choice: Annotated[str, Form()]) -> Response:
    chat = _chat(request, key)
    message = parts_of(request).chats.by_wamid(wamid)
    if message is None or message.chat_id != chat.id:
        raise HTTPException(404, "This chat has no such message.")
    return _send(request, chat, _possible(lambda: phone.tap(message, choice_id=choice)), wamid)


@router.post("/chats/{key}/place")
async def share_place(key: str, request: Request, place: Annotated[int, Form(ge=0)]) -> Response:
    chat, places = _chat(request, key), parts_of(request).directory.places
    if place >= len(places):
        raise HTTPException(404, "There is no such place.")
    spot = places[place]
    return _send(request, chat, phone.location(spot.latitude, spot.longitude, spot.name, spot.address))


@router.post("/chats/{key}/media")
async def share_media(
    key: str,
    request: Request,
    file: Annotated[UploadFile | None, File()] = None,
    sample: Annotated[str, Form()] = "",
) -> Response:
    chat, media = _chat(request, key), parts_of(request).media
    content = await file.read(LARGEST_AUDIO_BYTES + 1) if file is not None and file.size else None
    try:
        kind = kind_of(content) if content else "audio" if sample == "audio" else "image"
        stored = media.keep(kind, content)
    except MediaProblem as problem:
        raise HTTPException(422, str(problem)) from None
    return _send(request, chat, phone.image(stored, None) if kind == "image" else phone.audio(stored, voice=True))


@router.post("/chats/{key}/seen", status_code=204)
async def seen(key: str, request: Request) -> None:
    parts_of(request).switchboard.person_reads(_chat(request, key))


@router.get("/media/{media_id}")
async def show_media(media_id: str, request: Request) -> Response:
    if media := parts_of(request).media.find(media_id):
        return _bytes(request, media)
    raise HTTPException(404, "No such media.")


@router.get("/messages/{message_id}", response_class=HTMLResponse)
async def show_message(message_id: int, request: Request, accept_language: AcceptLanguage = "") -> HTMLResponse:
    """One message as the wire saw it: payload, statuses, webhooks."""
    parts = parts_of(request)
    try:
        message = parts.chats.message(message_id)
    except LookupError:
        raise HTTPException(404, "No such message.") from None
    chat = parts.chats.by_id(message.chat_id)
    view = View(parts, labels_for(locale_of(accept_language)))
    return HTMLResponse(
        view.render(
            "message.html",
            message=message,
            chat=chat,
            number=parts.directory.numbers[chat.phone_number_id],
            statuses=parts.chats.statuses(message),
            webhooks=parts.queue.log(after=0, message_id=message.id),
        )
    )


def _home(parts: Parts, labels: Labels, wanted: list[str], wrong_number: str | None = None) -> HTMLResponse:
    view = View(parts, labels)
    change = parts.chats.last_change()  # before anything is read, so that no change falls in between
    rows = view.rows()
    chosen = [view.row(chat) for key in dict.fromkeys(wanted) if (chat := _find(parts, key))][-MOST_SHOWN:]
    # Without a choice a wide window shows the first phone beside the list; a narrow one only the list.
    shown = chosen or rows[:1]
    page = view.render(
        "page.html",
        rows=rows,
        shown=shown,
        chosen=bool(chosen),
        beside={row.chat.key: _with(shown, row.chat) for row in rows},
        without={row.chat.key: _without(shown, row.chat) for row in shown},
        view=view,
        change=change,
        places=parts.directory.places,
        notice=view.notice(),
        wrong_number=wrong_number,
    )
    return HTMLResponse(page, 200 if wrong_number is None else 422)


def _with(shown: list[Row], chat: Chat) -> str:
    keys = [row.chat.key for row in shown if row.chat != chat]
    return "/?" + urlencode({"open": [*keys, chat.key][-MOST_SHOWN:]}, doseq=True)


def _without(shown: list[Row], chat: Chat) -> str:
    keys = [row.chat.key for row in shown if row.chat != chat]
    return "/?" + urlencode({"open": keys}, doseq=True) if keys else "/"


def _chat(request: Request, key: str) -> Chat:
    if chat := _find(parts_of(request), key):
        return chat
    raise HTTPException(404, "There is no such chat.")


def _find(parts: Parts, key: str) -> Chat | None:
    """The chat a key names, if its business still exists."""
    phone_number_id, _, wa_id = key.partition("-")
    return parts.chats.find(phone_number_id, wa_id) if phone_number_id in parts.directory.numbers else None


def _bytes(request: Request, media: StoredMedia) -> Response:
    """The file, or the part asked for: without parts a browser cannot tell how long a voice note is."""
    size = len(media.content)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "max-age=86400"}
    wanted = re.fullmatch(r"bytes=(\d{1,15})-(\d{0,15})", request.headers.get("range", ""), re.ASCII)
    if not wanted or (start := int(wanted[1])) >= size:
        return Response(media.content, media_type=media.mime_type, headers=headers)
    end = min(int(wanted[2] or size), size - 1)
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Response(media.content[start : end + 1], 206, headers, media.mime_type)


def _possible(make: Callable[[], Payload]) -> Payload:
    try:
        return make()
    except PhoneProblem as problem:
        raise HTTPException(422, str(problem)) from None


def _send(request: Request, chat: Chat, payload: Payload, context_wamid: str | None = None) -> Response:
    message = parts_of(request).switchboard.person_sends(chat, payload, context_wamid)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"id": message.id, "wamid": message.wamid})
    # Without script the form reloads the page it was on.
    query = urlsplit(request.headers.get("referer", "")).query
    return RedirectResponse("/?" + (query or urlencode({"open": chat.key})), 303)
