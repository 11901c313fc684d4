"""What a test can do to people beside writing as them: identities, blocks, preferences, a human at the business."""

from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from channels.whatsapp.emulator.chats import Chat
from channels.whatsapp.emulator.identities import IdentityProblem, change_number, change_user_id
from channels.whatsapp.emulator.numbers import wa_id_of
from channels.whatsapp.emulator.parts import Parts, parts_of

router = APIRouter(prefix="/phones/{wa_id}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt field is an error, not a surprise


class Identity(_Strict):
    hides_number: bool
    username: str | None = Field(default=None, min_length=3, max_length=35)


class NewNumber(_Strict):
    phone: str


class Play(_Strict):
    phone_number_id: str
    wamid: str


class Block(_Strict):
    phone_number_id: str
    blocked: bool = True


class Marketing(_Strict):
    phone_number_id: str
    wish: Literal["stop", "resume"]


class Echo(_Strict):
    phone_number_id: str
    text: str = Field(min_length=1, max_length=4096)


@router.post("/identity")
async def identify(wa_id: str, wanted: Identity, request: Request) -> dict[str, Any]:
    """Hide the number behind a username, or show it again: businesses then learn the user id alone."""
    parts, person = parts_of(request), _person(parts_of(request), wa_id)
    with parts.database.transaction() as t:
        parts.chats.hide_number(t, person, hidden=wanted.hides_number, username=wanted.username)
    parts.feed.wake()
    return _identities(parts, person)


@router.get("/identity")
async def identity(wa_id: str, request: Request) -> dict[str, Any]:
    return _identities(parts_of(request), _person(parts_of(request), wa_id))


@router.post("/change-number")
async def new_number(wa_id: str, wanted: NewNumber, request: Request) -> dict[str, Any]:
    """The person keeps WhatsApp, name and chats under another number; businesses are told."""
    parts, person = parts_of(request), _person(parts_of(request), wa_id)
    try:
        new = wa_id_of(wanted.phone)
        change_number(parts, person, new)
    except ValueError as problem:
        raise HTTPException(422, f"The new number is {problem}.") from None
    except IdentityProblem as problem:
        raise HTTPException(422, str(problem)) from None
    return _identities(parts, new)


@router.post("/change-user-id")
async def new_user_id(wa_id: str, request: Request) -> dict[str, Any]:
    """The person gets another user id at every business; businesses are told."""
    parts, person = parts_of(request), _person(parts_of(request), wa_id)
    change_user_id(parts, person)
    return _identities(parts, person)


@router.post("/play")
async def play(wa_id: str, wanted: Play, request: Request) -> dict[str, bool]:
    """Listen to a voice note of the business."""
    parts = parts_of(request)
    chat = _chat(parts, wa_id, wanted.phone_number_id)
    message = parts.chats.by_wamid(wanted.wamid)
    if message is None or message.chat_id != chat.id or message.payload["type"] != "audio":
        raise HTTPException(404, "This chat has no such voice note.")
    parts.switchboard.person_plays(message)
    return {"played": True}


@router.post("/block")
async def block(wa_id: str, wanted: Block, request: Request) -> dict[str, bool]:
    """Block the business: what it sends is accepted and sent, and never delivered."""
    parts = parts_of(request)
    parts.switchboard.block(_chat(parts, wa_id, wanted.phone_number_id), wanted.blocked)
    return {"blocked": wanted.blocked}


@router.post("/marketing")
async def marketing(wa_id: str, wanted: Marketing, request: Request) -> dict[str, str]:
    """Stop or resume the business's offers."""
    parts = parts_of(request)
    parts.switchboard.prefer_marketing(_chat(parts, wa_id, wanted.phone_number_id), wanted.wish)
    return {"marketing": wanted.wish}


@router.post("/echo")
async def echo(wa_id: str, wanted: Echo, request: Request) -> dict[str, Any]:
    """Somebody at the business answers this person by hand, in the WhatsApp Business app."""
    parts = parts_of(request)
    chat = _chat(parts, wa_id, wanted.phone_number_id)
    message = parts.switchboard.echo(chat, {"type": "text", "text": {"body": wanted.text}})
    return {"id": message.id, "wamid": message.wamid}


def _person(parts: Parts, number: str) -> str:
    try:
        wa_id = wa_id_of(number)
    except ValueError as error:
        raise HTTPException(422, f"The phone is {error}.") from None
    if not parts.chats.of_phone(wa_id):
        raise HTTPException(404, "There is no such phone.")
    return wa_id


def _chat(parts: Parts, number: str, phone_number_id: str) -> Chat:
    if chat := parts.chats.find(phone_number_id, _person(parts, number)):
        return chat
    raise HTTPException(404, "This phone has no chat with this phone_number_id.")


def _identities(parts: Parts, wa_id: str) -> dict[str, Any]:
    chats = parts.chats.of_phone(wa_id)
    return {
        "wa_id": wa_id,
        "username": chats[0].username,
        "hides_number": chats[0].hides_number,
        "user_ids": {chat.phone_number_id: chat.user_id for chat in chats},
    }
