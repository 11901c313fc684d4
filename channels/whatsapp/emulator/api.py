"""The API for tests and scripts: be a phone, post raw webhooks, plan faults, read the logs."""

from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request

from channels.whatsapp.emulator import phone
from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.commands import (
    FaultPlan,
    NewPhone,
    OpenChat,
    SendAudio,
    SendButton,
    SendCommand,
    SendImage,
    SendListChoice,
    SendLocation,
    SendText,
)
from channels.whatsapp.emulator.envelope import signature
from channels.whatsapp.emulator.media import MediaProblem
from channels.whatsapp.emulator.numbers import wa_id_of
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.phone import Payload, PhoneProblem
from channels.whatsapp.emulator.summary import words

router = APIRouter(prefix="/api")


@router.get("/phones")
async def list_phones(request: Request) -> list[dict[str, str]]:
    return [_chat_json(chat) for chat in parts_of(request).chats.recent()]


@router.post("/phones")
async def add_phone(wanted: NewPhone, request: Request) -> dict[str, str]:
    return _chat_json(_open(parts_of(request), wanted.phone, wanted.phone_number_id, wanted.name))


@router.post("/phones/{wa_id}/send")
async def send(wa_id: str, command: SendCommand, request: Request) -> dict[str, Any]:
    """Do as the person would. A phone nobody added yet is added."""
    parts = parts_of(request)
    chat = _open(parts, wa_id, command.phone_number_id, command.name)
    try:
        payload, context = _payload(parts, chat, command)
    except (PhoneProblem, MediaProblem) as problem:
        raise HTTPException(422, str(problem)) from None
    message = parts.switchboard.person_sends(chat, payload, context or command.reply_to)
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


@router.post("/faults")
async def plan_fault(plan: FaultPlan, request: Request) -> dict[str, int]:
    faults = parts_of(request).faults
    faults.plan(plan.fault(), count=plan.count, target=plan.target, to=plan.to)
    return {"left": faults.left()}


@router.get("/faults")
async def faults_left(request: Request) -> dict[str, int]:
    return {"left": parts_of(request).faults.left()}


@router.delete("/faults")
async def clear_faults(request: Request) -> dict[str, int]:
    parts_of(request).faults.clear()
    return {"left": 0}


@router.get("/requests")
async def graph_requests(request: Request, after: int = 0) -> dict[str, Any]:
    return {"requests": parts_of(request).requests.since(after)}


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


def _payload(parts: Parts, chat: Chat, command: SendCommand) -> tuple[Payload, str | None]:
    """The message to send, and the wamid it answers."""
    match command:
        case SendText():
            return phone.text(command.text), None
        case SendButton() | SendListChoice():
            message = _tapped(parts, chat, command)
            return phone.tap(message, choice_id=command.id, title=command.title), message.wamid
        case SendLocation():
            return phone.location(command.latitude, command.longitude, command.place, command.address), None
        case SendImage():
            return phone.image(parts.media.keep("image", command.data_base64), command.caption), None
        case SendAudio():
            return phone.audio(parts.media.keep("audio", command.data_base64), voice=command.voice), None


def _tapped(parts: Parts, chat: Chat, command: SendButton | SendListChoice) -> Message:
    candidates = reversed(parts.chats.messages(chat))
    if command.wamid is not None:
        candidates = (message for message in candidates if message.wamid == command.wamid)
    return phone.find_tappable(candidates, command.type, choice_id=command.id, title=command.title)


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
        "choices": [{"id": choice.id, "title": choice.title} for choice in phone.choices(message.payload)],
        "context_wamid": message.context_wamid,
        "biz_opaque_callback_data": message.callback_data,
        "at": message.at.isoformat(),
        "status": message.status,
        "statuses": [{"status": status, "at": at.isoformat()} for status, at in parts.chats.statuses(message)],
    }
