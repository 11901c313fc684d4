"""The phone page: HTML first; script only saves reloads."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Header, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from channels.whatsapp.emulator import review
from channels.whatsapp.emulator.byte_ranges import part_of
from channels.whatsapp.emulator.chats import Chat
from channels.whatsapp.emulator.labels import Labels, labels_for, locale_of
from channels.whatsapp.emulator.numbers import wa_id_of
from channels.whatsapp.emulator.page_acts import find_chat
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.view import Row, View

MOST_SHOWN = 4  # phones side by side

router = APIRouter()
router.include_router(review.router)

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
    username: Annotated[str, Form(max_length=35)] = "",
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
    if chosen := username.strip().removeprefix("@"):
        with parts.database.transaction() as t:
            parts.chats.hide_number(t, wa_id, hidden=True, username=chosen)
    return RedirectResponse("/?" + urlencode({"open": chat.key}), 303)


@router.get("/media/{media_id}")
async def show_media(media_id: str, request: Request) -> Response:
    if media := parts_of(request).media.find(media_id):
        headers = {"Cache-Control": "max-age=86400"}
        if not media.shown_inline:
            headers["Content-Disposition"] = "attachment; filename*=UTF-8''" + quote(
                media.file_name or media_id, safe=""
            )
        # In parts: without them a browser cannot tell how long a voice note is.
        return part_of(media.content, media.mime_type, request.headers.get("range"), headers)
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
    chosen = [view.row(chat) for key in dict.fromkeys(wanted) if (chat := find_chat(parts, key))][-MOST_SHOWN:]
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
        notice=view.notice(),
        wrong_number=wrong_number,
        in_review=parts.templates.count_pending(),
        is_reviewing=False,
    )
    return HTMLResponse(page, 200 if wrong_number is None else 422)


def _with(shown: list[Row], chat: Chat) -> str:
    keys = [row.chat.key for row in shown if row.chat != chat]
    return "/?" + urlencode({"open": [*keys, chat.key][-MOST_SHOWN:]}, doseq=True)


def _without(shown: list[Row], chat: Chat) -> str:
    keys = [row.chat.key for row in shown if row.chat != chat]
    return "/?" + urlencode({"open": keys}, doseq=True) if keys else "/"
