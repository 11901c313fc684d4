"""Webhook bodies as Meta writes and signs them. Pure: what goes in decides what comes out."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.directory import Number
from channels.whatsapp.emulator.numbers import account_id, user_id

# Answers inside the customer service window cost nothing, and that is all the emulator knows.
PRICING = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}


def message_body(number: Number, chat: Chat, message: Message) -> bytes:
    """The webhook for something a person wrote, tapped or shared."""
    item = {
        "from": chat.wa_id,
        "from_user_id": user_id(chat.phone_number_id, chat.wa_id),
        "id": message.wamid,
        "timestamp": _seconds(message.at),
        **message.payload,
    }
    if message.context_wamid:
        item = {"context": {"from": _digits(number.display_number), "id": message.context_wamid}, **item}
    contact = {"profile": {"name": chat.name}, **_contact(chat)}
    return _encode(number, {"contacts": [contact], "messages": [item]})


def status_body(number: Number, chat: Chat, message: Message, status: str, at: datetime) -> bytes:
    """The webhook for what became of something a business sent."""
    item: dict[str, Any] = {
        "id": message.wamid,
        "status": status,
        "timestamp": _seconds(at),
        "recipient_id": chat.wa_id,
        "recipient_user_id": user_id(chat.phone_number_id, chat.wa_id),
    }
    if message.callback_data is not None:
        item["biz_opaque_callback_data"] = message.callback_data
    if status == "sent":
        item["pricing"] = PRICING
    # Meta names the person here without the profile.
    return _encode(number, {"contacts": [_contact(chat)], "statuses": [item]})


def signature(app_secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256 for exactly these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def _encode(number: Number, value: dict[str, Any]) -> bytes:
    metadata = {
        "display_phone_number": _digits(number.display_number),
        "phone_number_id": number.phone_number_id,
    }
    change = {"value": {"messaging_product": "whatsapp", "metadata": metadata, **value}, "field": "messages"}
    entry = {"id": account_id(number.phone_number_id), "changes": [change]}
    body = {"object": "whatsapp_business_account", "entry": [entry]}
    # ensure_ascii writes é as \u00e9, as Meta does: whoever re-serialises before verifying fails here too.
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _contact(chat: Chat) -> dict[str, str]:
    return {"wa_id": chat.wa_id, "user_id": user_id(chat.phone_number_id, chat.wa_id)}


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def _digits(display_number: str) -> str:
    return "".join(sign for sign in display_number if sign.isdigit())
