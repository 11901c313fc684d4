"""What Meta posts to us: whether it is Meta, and all that a body says.

    BadWebhook          the body is not JSON, or not a WhatsApp webhook at all

Nothing else is raised and nothing is lost: every entry, change, message and status is read; an item that breaks
becomes `Unreadable` beside its neighbours; kinds and fields not known here are kept raw.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any, Final

from channels.whatsapp.envelope import BadWebhook, Change, alone, decode
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages_change import read_messages_change
from channels.whatsapp.received import (
    ButtonReply,
    Content,
    InboundMessage,
    Item,
    ListReply,
    LocationReceived,
    MediaReceived,
    OtherChange,
    OtherReceived,
    Sender,
    StatusError,
    StatusUpdate,
    TextReceived,
    Unreadable,
)

__all__ = [
    "BadWebhook",
    "ButtonReply",
    "Content",
    "InboundMessage",
    "Item",
    "ListReply",
    "LocationReceived",
    "MediaReceived",
    "OtherChange",
    "OtherReceived",
    "Sender",
    "StatusError",
    "StatusUpdate",
    "TextReceived",
    "Unreadable",
    "parse",
    "verify_challenge",
    "verify_signature",
]

SIGNATURE_PREFIX: Final = "sha256="


def verify_signature(app_secret: str, body: bytes, header: str | None) -> bool:
    """Whether `X-Hub-Signature-256` was made of exactly these bytes with our secret; without one, never."""
    if not app_secret or header is None or not header.startswith(SIGNATURE_PREFIX):
        return False
    expected = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return _same(header.removeprefix(SIGNATURE_PREFIX), expected)


def verify_challenge(params: Mapping[str, str], verify_token: str) -> str | None:
    """What to answer Meta when it asks whether this address is ours; None refuses."""
    if not verify_token or params.get("hub.mode") != "subscribe":
        return None
    if not _same(params.get("hub.verify_token", ""), verify_token):
        return None
    return params.get("hub.challenge")


def parse(body: bytes) -> list[Item]:
    document = decode(body)
    entries = document.get("entry")
    if not isinstance(entries, list):
        return [Unreadable(phone_number_id=None, raw=document, problem="entry is not a list")]
    return [item for entry in entries for item in _entry_items(document, entry)]


def _same(given: str, expected: str) -> bool:
    # As bytes, since compare_digest refuses text that is not ASCII, and a stranger may send anything.
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode(errors="replace"))


def _entry_items(document: dict[str, Any], entry: Any) -> Iterator[Item]:
    changes = entry.get("changes") if isinstance(entry, dict) else None
    if not isinstance(changes, list):
        raw = {**document, "entry": [entry]}
        yield Unreadable(phone_number_id=None, raw=raw, problem="entry.changes is not a list")
        return
    for change in changes:
        try:
            yield from _change_items(document, entry, JsonObject(change, "change"), change)
        except WrongShape as wrong:
            yield Unreadable(phone_number_id=None, raw=alone(document, entry, change), problem=str(wrong))


def _change_items(document: dict[str, Any], entry: dict[str, Any], members: JsonObject, raw: Any) -> Iterator[Item]:
    field = members.string("field")
    change = Change(document=document, entry=entry, members=raw)
    if field == "messages":
        members.nested("value")
        yield from read_messages_change(change)
    else:
        yield OtherChange(field=field, raw=raw, phone_number_id=change.phone_number_id, waba_id=change.waba_id)
