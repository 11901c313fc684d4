"""`POST /{phone_number_id}/messages`: checked, stored, answered like Meta's, unless a fault is planned."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from channels.whatsapp.emulator.faults import NO_FAULT
from channels.whatsapp.emulator.graph.caller import check_caller, number_of, read_json, refused, say_nothing
from channels.whatsapp.emulator.graph_errors import GraphError, invalid, not_json
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.request_log import GraphRequest
from channels.whatsapp.emulator.rules import check_message, check_read
from channels.whatsapp.emulator.sending import Sent, send

BEFORE_ANSWER_SECONDS = 5.0  # longest wait for webhooks that are to arrive before the answer

router = APIRouter()


@router.post("/{version}/{node_id}/messages", name="messages")
async def messages(version: str, node_id: str, request: Request) -> Response:
    parts = parts_of(request)
    body = await _body(request)
    entry = _log_entry(request, node_id, body)
    fault, planned, sent = NO_FAULT, False, None
    try:
        check_caller(request, version.removeprefix("v"))
        number = number_of(parts, node_id)
        if body is None:
            raise not_json()
        if found := parts.faults.take("read" if "status" in body else "messages", entry.recipient):
            fault, planned = found, True
        await asyncio.sleep(fault.delay_seconds)
        if fault.refuses:
            raise fault.error()
        with parts.database.transaction():  # the message and its line in the log, at once
            if "status" in body:
                answer = _read(parts, node_id, body)
            else:
                check_message(body)
                sent = send(parts, number, body, fault)
                answer = sent.answer
            answered = None if fault.lose_answer else 200
            wamid = sent.message.wamid if sent else None
            parts.requests.note(entry, parts.clock(), http_status=answered, wamid=wamid, fault=planned)
    except GraphError as error:
        parts.requests.note(entry, parts.clock(), http_status=error.status, error_code=error.code, fault=planned)
        return refused(error, fault)
    if sent and fault.statuses and fault.statuses.before_answer:
        await _wait_for_webhooks(parts, sent)
    if fault.lose_answer:
        await say_nothing(request, parts)
    return JSONResponse(answer)


async def _body(request: Request) -> Mapping[str, Any] | None:
    try:
        return read_json(await request.body())
    except ValueError:
        return None


def _log_entry(request: Request, phone_number_id: str, body: Mapping[str, Any] | None) -> GraphRequest:
    payload = body or {}
    kind = "read" if "status" in payload else payload.get("type", "text")
    recipient = payload.get("to", payload.get("recipient"))
    return GraphRequest(
        path=request.url.path,
        phone_number_id=phone_number_id,
        kind="?" if body is None else str(kind),
        recipient=None if recipient is None else str(recipient),
        payload=payload,
    )


def _read(parts: Parts, phone_number_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    check_read(body)
    message = parts.chats.by_wamid(body["message_id"])
    known = (
        message and message.sender == "person" and parts.chats.by_id(message.chat_id).phone_number_id == phone_number_id
    )
    if not message or not known:
        raise invalid("message_id", "does not exist")
    parts.switchboard.business_reads(message, typing="typing_indicator" in body)
    return {"success": True}


async def _wait_for_webhooks(parts: Parts, sent: Sent) -> None:
    """Until the server has taken every status of this message, but not for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(BEFORE_ANSWER_SECONDS):
            while not parts.feed.closed:
                change = parts.feed.ticket()
                if not parts.queue.waiting_about(sent.message.id):
                    return
                await change.wait()
