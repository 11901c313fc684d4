"""Taps and forms: answers to something we sent."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from channels.json_text import read_json
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.reading.moments import moment_or_none
from channels.whatsapp.received import (
    BrokenInteractive,
    ButtonReply,
    CallPermissionReply,
    Content,
    FlowReply,
    ListReply,
    OtherReceived,
)


def read_interactive(message: JsonObject) -> Content:
    # Meta sends broken ones without the object; the error stands beside the message, in `value.errors`.
    if "interactive" not in message:
        return BrokenInteractive()
    interactive = message.nested("interactive")
    kind = interactive.string("type")
    reader = _READERS.get(kind)
    return OtherReceived(kind=f"interactive.{kind}") if reader is None else reader(interactive.nested(kind))


def read_template_button(message: JsonObject) -> Content:
    button = message.nested("button")
    title = button.text("text") or button.identifier("payload")
    return ButtonReply(id=button.text("payload") or title, title=title, from_template=True)


def _button(reply: JsonObject) -> Content:
    return ButtonReply(id=reply.string("id"), title=reply.string("title"))


def _row(reply: JsonObject) -> Content:
    return ListReply(id=reply.string("id"), title=reply.string("title"), description=reply.text("description"))


def _form(reply: JsonObject) -> Content:
    response = _object_in(reply.text("response_json"))
    return FlowReply(
        name=reply.text("name") or "flow",
        body=reply.text("body") or "",
        response=response,
        flow_token=None if response is None else JsonObject(response).text("flow_token"),
    )


def _call_permission(reply: JsonObject) -> Content:
    return CallPermissionReply(
        response=reply.string("response"),
        expires_at=moment_or_none(reply, "expiration_timestamp"),
        source=reply.text("response_source"),
    )


def _object_in(text: str | None) -> Mapping[str, Any] | None:
    """What somebody filled in may hold anything: no JSON, a list, depths without end."""
    try:
        document = read_json(text or "")
    except ValueError:
        return None
    return document if isinstance(document, Mapping) else None


_READERS: Final[dict[str, Callable[[JsonObject], Content]]] = {
    "button_reply": _button,
    "list_reply": _row,
    "nfm_reply": _form,
    "call_permission_reply": _call_permission,
}
"""A kind that is not here is kept as OtherReceived."""
