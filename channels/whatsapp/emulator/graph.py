"""The emulated Graph API: `POST /{version}/{phone_number_id}/messages`, checked, stored, answered like Meta's."""

import asyncio
import hmac
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from channels.whatsapp.emulator.faults import NO_FAULT, Fault
from channels.whatsapp.emulator.graph_errors import (
    GraphError,
    invalid,
    not_json,
    unauthorized,
    unknown_object,
    unknown_path,
)
from channels.whatsapp.emulator.numbers import wa_id_of
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.request_log import GraphRequest
from channels.whatsapp.emulator.rules import check_message, check_read

router = APIRouter()


@router.post("/{version}/{phone_number_id}/messages")
async def messages(version: str, phone_number_id: str, request: Request) -> Response:
    parts = parts_of(request)
    body = await _body(request)
    entry = _log_entry(request, phone_number_id, body)
    fault = NO_FAULT
    planned = False
    try:
        _check_caller(request, parts, version, phone_number_id)
        if body is None:
            raise not_json()
        if found := parts.faults.take("read" if "status" in body else "messages", entry.recipient):
            fault, planned = found, True
        await asyncio.sleep(fault.delay_seconds)
        if fault.refuses:
            raise GraphError(fault.code or 131000, fault.details, http_status=fault.http_status)
        with parts.database.transaction():  # the message and its line in the log, at once
            answer, wamid = _obey(parts, phone_number_id, body, fault)
            answered = None if fault.lose_answer else 200
            parts.requests.note(entry, parts.clock(), http_status=answered, wamid=wamid, fault=planned)
    except GraphError as error:
        parts.requests.note(entry, parts.clock(), http_status=error.status, error_code=error.code, fault=planned)
        return JSONResponse(error.body(), error.status, headers=_error_headers(error, fault))
    if fault.lose_answer:
        await _say_nothing(request, parts)
    return JSONResponse(answer)


async def _body(request: Request) -> Mapping[str, Any] | None:
    try:
        body = json.loads(await request.body(), parse_constant=_refuse_constant)
        json.dumps(body, ensure_ascii=False).encode()  # half an emoji is JSON, but no text one can show
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _log_entry(request: Request, phone_number_id: str, body: Mapping[str, Any] | None) -> GraphRequest:
    payload = body or {}
    kind = "read" if "status" in payload else payload.get("type", "text")
    return GraphRequest(
        path=request.url.path,
        phone_number_id=phone_number_id,
        kind="?" if body is None else str(kind),
        recipient=str(payload["to"]) if "to" in payload else None,
        payload=payload,
    )


def _check_caller(request: Request, parts: Parts, version: str, phone_number_id: str) -> None:
    if not re.fullmatch(r"v\d{1,3}\.\d", version):
        raise unknown_path(request.url.path)
    expected = f"Bearer {parts.settings.whatsapp_token.get_secret_value()}"
    if not hmac.compare_digest(request.headers.get("authorization", "").encode(), expected.encode()):
        raise unauthorized()
    if phone_number_id not in parts.directory.numbers:
        raise unknown_object(phone_number_id)


def _obey(
    parts: Parts, phone_number_id: str, body: Mapping[str, Any], fault: Fault
) -> tuple[dict[str, Any], str | None]:
    """Do what the call asks; returns the answer and the new message's id."""
    if "status" in body:
        return _read(parts, phone_number_id, body), None
    check_message(body)
    try:
        wa_id = wa_id_of(body["to"])
    except ValueError as error:
        raise invalid("to", f"is {error}") from None
    number = parts.directory.numbers[phone_number_id]
    if wa_id == "".join(sign for sign in number.display_number if sign.isdigit()):
        raise GraphError(131021)
    chat = parts.chats.find(phone_number_id, wa_id) or parts.switchboard.open_chat(phone_number_id, wa_id)
    kind = body.get("type", "text")
    message = parts.switchboard.business_sends(
        chat,
        {"type": kind, kind: body[kind]},
        context_wamid=body.get("context", {}).get("message_id"),
        callback_data=body.get("biz_opaque_callback_data"),
        receipts=fault.receipts,
    )
    answer = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": body["to"], "wa_id": wa_id}],
        "messages": [{"id": message.wamid}],
    }
    return answer, message.wamid


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


def _error_headers(error: GraphError, fault: Fault) -> dict[str, str]:
    if error.code == 190:
        return {"WWW-Authenticate": 'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token"'}
    return {} if fault.retry_after_seconds is None else {"Retry-After": str(fault.retry_after_seconds)}


async def _say_nothing(request: Request, parts: Parts) -> None:
    """Hold the connection without a word until the caller hangs up, or the emulator stops."""
    hung_up = asyncio.ensure_future(request.receive())
    while not hung_up.done() and not parts.feed.closed:
        change = asyncio.create_task(parts.feed.ticket().wait())
        await asyncio.wait({hung_up, change}, return_when=asyncio.FIRST_COMPLETED)
        change.cancel()
    hung_up.cancel()
    with suppress(asyncio.CancelledError):
        await hung_up
