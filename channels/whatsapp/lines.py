"""What arrived, item by item as plain JSON, for whoever looks into a webhook.

Nothing is hidden here: names, numbers, ids and texts stand in it, so it belongs on a screen and into no log.
"""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from channels.whatsapp.received import (
    BrokenInteractive,
    ButtonReply,
    CallPermissionReply,
    ContactsReceived,
    Content,
    Echo,
    EditReceived,
    FlowReply,
    InboundMessage,
    Item,
    ListReply,
    LocationReceived,
    MediaReceived,
    News,
    OrderReceived,
    OtherChange,
    OtherReceived,
    ReactionReceived,
    RevokeReceived,
    StatusUpdate,
    SystemReceived,
    TextReceived,
    Unreadable,
    UnsupportedReceived,
)

KINDS: Final[dict[type, str]] = {
    TextReceived: "text",
    LocationReceived: "location",
    ContactsReceived: "contacts",
    ButtonReply: "button_reply",
    ListReply: "list_reply",
    FlowReply: "flow_reply",
    CallPermissionReply: "call_permission_reply",
    BrokenInteractive: "broken_interactive",
    OrderReceived: "order",
    ReactionReceived: "reaction",
    SystemReceived: "system",
    UnsupportedReceived: "unsupported",
    EditReceived: "edit",
    RevokeReceived: "revoke",
}
"""How a line names what a message holds; media and what is not read go by their own word."""

_OWN_PLACE: Final = frozenset(
    {"phone_number_id", "waba_id", "wamid", "sender", "to", "recipient", "at", "sent_at", "content", "raw"}
    | {"field", "status", "problem"}
)
"""The members that a line shows under a name of its own; all others stand in `more`."""


def line(item: Item, *, with_raw: bool = False) -> dict[str, Any]:
    """One item: what it is, its ids, who, when, the text, what else was read, and why raw JSON had to be kept."""
    why = _why_raw(item)
    told = {
        **_heading(item),
        "phone_number_id": item.phone_number_id,
        "waba_id": item.waba_id,
        **_who_and_when(item),
        "more": _plain(_rest(item)),
    }
    return {
        **{name: member for name, member in told.items() if member not in (None, {})},
        "kept_raw": why is not None,
        **({} if why is None else {"why": why}),
        **({"raw": item.raw} if with_raw else {}),
    }


def _heading(item: Item) -> dict[str, Any]:
    match item:
        case InboundMessage():
            return {"item": "message", "kind": _kind(item.content), "text": text_of(item.content)}
        case StatusUpdate():
            return {"item": "status", "kind": item.status}
        case Echo():
            return {"item": "echo", "kind": _kind(item.content), "text": text_of(item.content)}
        case News():
            return {"item": "news", "kind": item.field}
        case Unreadable():
            return {"item": "unreadable"}


def _who_and_when(item: Item) -> dict[str, Any]:
    match item:
        case InboundMessage():
            return {"wamid": item.wamid, "sender": _plain(item.sender), "at": _plain(item.sent_at)}
        case StatusUpdate():
            return {"wamid": item.wamid, "recipient": item.recipient, "at": _plain(item.at)}
        case Echo():
            return {"wamid": item.wamid, "to": _plain(item.to), "at": _plain(item.at)}
        case News():
            return {"sender": _plain(getattr(item, "sender", None)), "at": _plain(item.at)}
        case Unreadable():
            return {}


def _kind(content: Content) -> str:
    if isinstance(content, MediaReceived | OtherReceived):
        return content.kind
    return KINDS[type(content)]


def text_of(content: Content) -> str | None:
    """What a person would read of it in their chat."""
    match content:
        case TextReceived(body=text) | FlowReply(body=text) | SystemReceived(body=text) | OrderReceived(text=text):
            return text
        case ButtonReply(title=text) | ListReply(title=text):
            return text
        case MediaReceived(caption=caption):
            return caption
        case LocationReceived(name=name):
            return name
        case ReactionReceived(emoji=emoji):
            return emoji
        case EditReceived(content=now):
            return text_of(now)
        case _:
            return None


def _rest(item: Item) -> dict[str, Any]:
    more = {name: member for name, member in _members(item).items() if name not in _OWN_PLACE}
    if isinstance(item, InboundMessage | Echo):
        text = text_of(item.content)  # which the line shows already
        more["content"] = {name: member for name, member in _members(item.content).items() if member != text}
    return more


def _why_raw(item: Item) -> str | None:
    match item:
        case Unreadable(problem=problem):
            return problem
        case OtherChange(field=field):
            return f"{field} is not read here, or not all of it"
        case InboundMessage(content=OtherReceived(kind=kind)) | Echo(content=OtherReceived(kind=kind)):
            return f"a message of the kind {kind} is not read here"
        case _:
            return None


def _plain(value: Any) -> Any:
    """As JSON has it, without what is not there."""
    if dataclasses.is_dataclass(value):
        return _plain(_members(value))
    if isinstance(value, Mapping):
        members = {name: _plain(member) for name, member in value.items()}
        return {name: member for name, member in members.items() if member not in (None, [], {}, "")}
    if isinstance(value, tuple | list):
        return [_plain(member) for member in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, Decimal) else value


def _members(value: Any) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
