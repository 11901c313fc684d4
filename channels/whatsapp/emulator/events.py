"""The page's live news by Server-Sent Events: everything that changed since the last change the page has seen.

The event's id is the change counter, so a page that reconnects misses nothing.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse

from channels.whatsapp.emulator.chats import Chat
from channels.whatsapp.emulator.labels import labels_for, locale_of
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.review import render_accounts
from channels.whatsapp.emulator.view import View

HEARTBEAT_SECONDS = 15.0  # tells a page that still listens from one that is gone

router = APIRouter()


@router.get("/events")
async def events(
    request: Request,
    since: int = 0,
    shown: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI copies it
    templates: bool = False,
    last_event_id: Annotated[int | None, Header()] = None,
    accept_language: Annotated[str, Header()] = "",
) -> StreamingResponse:
    parts = parts_of(request)
    view = View(parts, labels_for(locale_of(accept_language)))
    seen = since if last_event_id is None else last_event_id
    return StreamingResponse(
        _stream(request, parts, view, seen, frozenset(shown), with_templates=templates),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


async def _stream(
    request: Request, parts: Parts, view: View, seen: int, shown: frozenset[str], *, with_templates: bool
) -> AsyncIterator[str]:
    notice = templates = None
    yield "retry: 1000\n\n"
    if seen > parts.chats.last_change():  # the database is younger than the page
        yield _event("reload", {}, 0)
        return
    while not (parts.feed.closed or await request.is_disconnected()):
        change = parts.feed.ticket()
        last = parts.chats.last_change()
        for chat in parts.chats.changed_since(seen):
            if view.knows(chat):
                yield _event("chat", _news(parts, view, chat, seen, in_full=chat.key in shown), last)
        seen = last
        if (current := view.notice()) != notice:
            notice = current
            yield _event("notice", {"text": notice}, last)
        if (now_listed := _templates(parts, view, in_full=with_templates)) != templates:
            templates = now_listed
            yield _event("templates", templates, last)
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await change.wait()
        except TimeoutError:
            yield ": still here\n\n"


def _news(parts: Parts, view: View, chat: Chat, seen: int, *, in_full: bool) -> dict[str, object]:
    news: dict[str, object] = {"chat": chat.key, "row": view.render("row.html", row=view.row(chat))}
    if in_full:
        entries = view.entries(chat, parts.chats.messages(chat, changed_since=seen))
        news["entries"] = view.render("entries.html", entries=entries, chat=chat)
        news["typing_seconds"] = view.typing_seconds(chat)
    return news


def _templates(parts: Parts, view: View, *, in_full: bool) -> dict[str, object]:
    """How many wait for a decision; where they are shown, the list of them all."""
    news: dict[str, object] = {"in_review": parts.templates.count_pending()}
    return {**news, "listed": render_accounts(parts, view)} if in_full else news


def _event(name: str, data: object, change: int) -> str:
    return f"id: {change}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
