"""The API for tests and scripts: be a phone, post raw webhooks, read the logs."""

from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request

from channels.whatsapp.emulator.acts import Act
from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.commands import NewPhone, OpenChat
from channels.whatsapp.emulator.envelope import signature
from channels.whatsapp.emulator.media import MediaProblem
from channels.whatsapp.emulator.numbers import wa_id_of
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.perform import perform
from channels.whatsapp.emulator.phone import PhoneProblem
from channels.whatsapp.emulator.summary import words
from channels.whatsapp.emulator.taps import choices

router = APIRouter(prefix="/api")


@router.get("/phones")
async def list_phones(request: Request) -> list[dict[str, str]]:
    return [_chat_json(chat) for chat in parts_of(request).chats.recent()]


@router.post("/phones")
async def add_phone(wanted: NewPhone, request: Request) -> dict[str, str]:
    return _chat_json(_open(parts_of(request), wanted.phone, wanted.phone_number_id, wanted.name))


@router.post("/phones/{wa_id}/send")
async def send(wa_id: str, act: Act, request: Request) -> dict[str, Any]:
    """Do as the person would. A phone nobody added yet is added."""
    parts = parts_of(request)
    chat = _open(parts, wa_id, act.phone_number_id, act.name)
    try:
        message = perform(parts, chat, act)
    except (PhoneProblem, MediaProblem) as problem:
        raise HTTPException(422, str(problem)) from None
    return {"id": message.id, "wamid": message.wamid, "payload": message.payload}


@router.post("/phones/{wa_id}/read")
async def read(wa_id: str, wanted: OpenChat, request: Request) -> dict[str, int]:
    """As if the person looked at the chat: every message in it gets its `read` status."""
    parts = parts_of(request)
    return {"read": parts.switchboard.person_reads(_existing(parts, wa_id, wanted.phone_number_id))}


@router.get("/phones/{wa_id}/messages")
async def messages(wa_id: str, phone_number_id: str, request: Request, after: int = 0) -> dict[str, Any]:
    """The chat, oldest first; `after` is the id of the last message already known."""
    parts = parts_of(request)
    chat = _existing(parts, wa_id, phone_number_id)
    return {
        "wa_id": chat.wa_id,
        "phone_number_id": chat.phone_number_id,
        "name": chat.name,
        "typing": chat.typing_until_at > parts.clock(),
        "messages": [_message_json(parts, message) for message in parts.chats.messages(chat, after=after)],
    }


@router.post("/webhooks/raw")
async def post_raw_webhook(request: Request, signed: Literal["right", "wrong", "not"] = "right") -> dict[str, Any]:
    """Post exactly these bytes to the server, once, and tell what it answered."""
    parts = parts_of(request)
    body = await request.body()
    secret = parts.settings.whatsapp_app_secret.get_secret_value()
    signatures = {"right": signature(secret, body), "wrong": signature(secret + "?", body), "not": None}
    answer, said = await parts.delivery.post(body, signatures[signed])
    with parts.database.transaction() as t:
        parts.queue.put_settled(t, about="raw", body=body, at=parts.clock(), answer=answer)
    return {
        "http_status": answer.http_status,
        "body": said,
        "milliseconds": answer.milliseconds,
        "problem": answer.problem,
    }


@router.get("/webhooks")
async def webhooks(request: Request, after: int = 0) -> dict[str, Any]:
    parts = parts_of(request)
    return {"waiting": parts.queue.waiting(), "webhooks": parts.queue.log(after=after)}


@router.get("/requests")
async def graph_requests(
    request: Request,
    after: int = 0,
    kind: str | None = None,
    to: str | None = None,
    phone_number_id: str | None = None,
    failed: bool | None = None,
) -> dict[str, Any]:
    """The Graph calls that fit everything named, oldest first; `failed` asks for those refused, or those not."""
    found = parts_of(request).requests.since(after)
    wanted = {"kind": kind, "to": to, "phone_number_id": phone_number_id}
    return {
        "requests": [
            call
            for call in found
            if all(value in (None, call[name]) for name, value in wanted.items())
            and failed in (None, call["error_code"] is not None)
        ]
    }


def _open(parts: Parts, number: str, phone_number_id: str, name: str | None) -> Chat:
    if phone_number_id not in parts.directory.numbers:
        raise HTTPException(404, "No business has this phone_number_id.")
    try:
        wa_id = wa_id_of(number)
    except ValueError as error:
        raise HTTPException(422, f"The phone is {error}.") from None
    if name is None and (chat := parts.chats.find(phone_number_id, wa_id)):
        return chat
    return parts.switchboard.open_chat(phone_number_id, wa_id, name)


def _existing(parts: Parts, wa_id: str, phone_number_id: str) -> Chat:
    if chat := parts.chats.find(phone_number_id, wa_id):
        return chat
    raise HTTPException(404, "This phone has no chat with this phone_number_id.")


def _chat_json(chat: Chat) -> dict[str, str]:
    return {"wa_id": chat.wa_id, "name": chat.name, "phone_number_id": chat.phone_number_id}


def _message_json(parts: Parts, message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "wamid": message.wamid,
        "from": message.sender,
        "type": message.payload["type"],
        "text": words(message.payload),
        "payload": message.payload,
        "choices": [{"id": choice.id, "title": choice.title} for choice in choices(message.payload)],
        "context_wamid": message.context_wamid,
        "biz_opaque_callback_data": message.callback_data,
        "at": message.at.isoformat(),
        "status": message.status,
        "statuses": [{"status": status, "at": at.isoformat()} for status, at in parts.chats.statuses(message)],
    }
