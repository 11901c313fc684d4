"""Webhook bodies as Meta writes and signs them. Pure: what goes in decides what comes out."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.directory import Number

type Value = dict[str, Any]


def message_value(number: Number, chat: Chat, message: Message) -> Value:
    """What is told of something a person wrote, tapped or shared."""
    item = {
        **({} if chat.hides_number else {"from": chat.wa_id}),
        "from_user_id": chat.user_id,
        "id": message.wamid,
        "timestamp": seconds(message.at),
        **message.payload,
    }
    if message.context_wamid:
        quoted = {"from": digits(number.display_number), "id": message.context_wamid}
        item = {**item, "context": {**quoted, **message.payload.get("context", {})}}
    return about(number, {"contacts": [{"profile": _profile(chat), **contact(chat)}], "messages": [item]})


def system_value(number: Number, chat: Chat, wamid: str, at: datetime, system: Mapping[str, Any]) -> Value:
    """What WhatsApp itself says about the person, as they were until now; it comes without contacts."""
    item = {
        **({} if chat.hides_number else {"from": chat.wa_id}),
        "from_user_id": chat.user_id,
        "id": wamid,
        "timestamp": seconds(at),
        "type": "system",
        "system": dict(system),
    }
    return about(number, {"messages": [item]})


def about(number: Number, value: Value) -> Value:
    """A value that says which of the business's numbers it concerns."""
    metadata = {"display_phone_number": digits(number.display_number), "phone_number_id": number.phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata, **value}


def body_of(account_id: str, field: str, value: Value, at: datetime | None = None) -> bytes:
    """One webhook. Meta writes the entry's `time` on every field but `messages`: give `at` there."""
    entry: dict[str, Any] = {"id": account_id, "changes": [{"value": value, "field": field}]}
    if at is not None:
        entry["time"] = int(at.timestamp())
    return _written([entry])


def merged(bodies: Sequence[bytes]) -> bytes:
    """Several webhooks as one: an entry for each account, a change for each number, all items in order."""
    entries: dict[str, dict[str, Any]] = {}
    for body in bodies:
        for entry in json.loads(body)["entry"]:
            kept = entries.setdefault(entry["id"], {**entry, "changes": []})
            for change in entry["changes"]:
                _put(kept["changes"], change)
    return _written(entries.values())


def signature(app_secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256 for exactly these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def contact(chat: Chat) -> dict[str, str]:
    """The person without the profile, as statuses name them."""
    return {**({} if chat.hides_number else {"wa_id": chat.wa_id}), "user_id": chat.user_id}


def seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def digits(display_number: str) -> str:
    return "".join(sign for sign in display_number if sign.isdigit())


def _profile(chat: Chat) -> dict[str, str]:
    return {"name": chat.name, **({"username": chat.username} if chat.username else {})}


def _put(changes: list[dict[str, Any]], change: dict[str, Any]) -> None:
    value = change["value"]
    for kept in changes:
        if kept["field"] == change["field"] == "messages" and kept["value"]["metadata"] == value["metadata"]:
            for name in ("contacts", "messages", "statuses"):
                items = kept["value"].get(name, [])
                new = [item for item in value.get(name, []) if name != "contacts" or item not in items]
                if items or new:
                    kept["value"][name] = [*items, *new]
            return
    changes.append(change)


def _written(entries: Iterable[dict[str, Any]]) -> bytes:
    body = {"object": "whatsapp_business_account", "entry": list(entries)}
    # ensure_ascii writes é as \u00e9, as Meta does: whoever re-serialises before verifying fails here too.
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")
