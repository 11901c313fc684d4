"""What becomes of a message that is spelled right: to whom it goes, whether it may, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.directory import Number
from channels.whatsapp.emulator.envelope import contact, digits
from channels.whatsapp.emulator.faults import Fault
from channels.whatsapp.emulator.graph_errors import GraphError, invalid
from channels.whatsapp.emulator.message_templates.filling import check_state, fill_in
from channels.whatsapp.emulator.numbers import wa_id_of
from channels.whatsapp.emulator.parts import Parts
from channels.whatsapp.emulator.rules.media import uploads
from channels.whatsapp.emulator.status_plan import StatusPlan, failing
from channels.whatsapp.emulator.window import is_open

LOCKED = ("BANNED", "RESTRICTED", "DISCONNECTED", "DELETED")  # states of a number that cannot send


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    message: Message
    answer: dict[str, Any]


def send(parts: Parts, number: Number, body: Mapping[str, Any], fault: Fault) -> Sent:
    """Take a message whose shape was checked; raises the GraphError for what is wrong beyond its shape."""
    _check_number(parts, number)
    payload = _payload(parts, number, body)
    known = _known(parts, number, body)
    _check_rates(parts, number, body)
    chat = known or parts.switchboard.open_chat(number.phone_number_id, wa_id_of(body["to"]))
    message = parts.switchboard.business_sends(
        chat,
        payload,
        context_wamid=body.get("context", {}).get("message_id"),
        callback_data=body.get("biz_opaque_callback_data"),
        receipts=fault.receipts,
        plan=fault.statuses or _failure(parts, chat, payload, is_known=known is not None),
    )
    by_number = body.get("to") is not None
    recipient = {"input": body["to"], "wa_id": chat.wa_id} if by_number else {"input": chat.user_id, **contact(chat)}
    answer = {"messaging_product": "whatsapp", "contacts": [recipient], "messages": [{"id": message.wamid}]}
    return Sent(message=message, answer=answer)


def _payload(parts: Parts, number: Number, body: Mapping[str, Any]) -> dict[str, Any]:
    """The message as it is kept: as it was sent, and a template with what it says once it is filled in."""
    kind = body.get("type", "text")
    content = body[kind]
    for path, media_id in uploads(kind, content):
        _check_upload(parts, number, path, media_id)
    if kind != "template":
        return {"type": kind, kind: content}
    name, language = content["name"], content["language"]["code"]
    template = check_state(parts.templates.find(number.account_id, name, language), name, language)
    if template.category == "AUTHENTICATION" and body.get("to") is None:
        raise GraphError(131062, "An authentication template can't be sent to a user id.")
    return {"type": kind, kind: content, "rendered": fill_in(template, content)}


def _known(parts: Parts, number: Number, body: Mapping[str, Any]) -> Chat | None:
    """The chat with whom this goes to, if there has been one."""
    if body.get("to") is None:
        if found := parts.chats.by_user_id(number.phone_number_id, body["recipient"]):
            return found
        raise invalid("recipient", "is not the user id of anybody this business has talked with")
    try:
        wa_id = wa_id_of(body["to"])
    except ValueError as error:
        raise invalid("to", f"is {error}") from None
    if wa_id == digits(number.display_number):
        raise GraphError(131021)
    return parts.chats.find(number.phone_number_id, wa_id)


def _check_number(parts: Parts, number: Number) -> None:
    facts = parts.facts.number(number.phone_number_id)
    if not facts.get("registered", True):
        raise GraphError(133010, "The phone number is not registered: POST /{phone_number_id}/register.")
    if facts["status"] in LOCKED:
        raise GraphError(131031, f"The phone number is {facts['status']}.")


def _check_rates(parts: Parts, number: Number, body: Mapping[str, Any]) -> None:
    policy, now = parts.policy.current, parts.clock()
    per_second, person = policy.throughput_per_second, str(body.get("to") or body["recipient"])
    if per_second and not parts.rates.allows_number(number.phone_number_id, per_second, now):
        raise GraphError(130429, f"More than {per_second} messages in a second.")
    if policy.pair_rate and not parts.rates.allows_pair(number.phone_number_id, person, now):
        raise GraphError(131056, "Too many messages to this person in a short time.")


def _failure(parts: Parts, chat: Chat, payload: Mapping[str, Any], *, is_known: bool) -> StatusPlan | None:
    """What will go wrong after the message was accepted; None when nothing does."""
    policy = parts.policy.current
    if not is_known and policy.unknown_numbers == "undeliverable":
        return failing(131026)
    if chat.barred:
        return failing(131026)
    if payload["type"] == "template":
        unwanted = payload["rendered"]["category"] == "MARKETING" and chat.marketing_stopped
        return failing(131050) if unwanted else None
    if policy.window == "off" or is_open(chat, parts.clock()):
        return None
    if policy.window == "error":
        raise GraphError(131047, "More than 24 hours have passed since this person last wrote.")
    return failing(131047)


def _check_upload(parts: Parts, number: Number, path: str, media_id: str) -> None:
    media = parts.media.find_unexpired(media_id)
    if media is None or media.phone_number_id not in ("", number.phone_number_id):
        problem = f"Param {path} is not a valid whatsapp business account media attachment ID"
        raise GraphError(100, f"{problem}.", subcode=33, message=f"(#100) {problem}")
