"""What people do to messages that are there already: emoji on them, other words, taken back. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from channels.whatsapp.emulator.chats import Message, Sender
from channels.whatsapp.emulator.phone import Payload, PhoneProblem, typed

EDIT_WITHIN = timedelta(minutes=15)  # WhatsApp's help pages: how long after sending
DELETE_WITHIN = timedelta(hours=60)
LONGEST_EMOJI = 32  # a family with skin tones is 28 long

KINDS = ("reaction", "edit", "revoke")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A message as it is seen now."""

    payload: Mapping[str, Any]
    edited: bool = False
    revoked: bool = False
    reactions: tuple[str, ...] = ()


def target_of(payload: Mapping[str, Any]) -> str | None:
    """The wamid of the message this one does something to; None for an ordinary message."""
    kind = payload["type"]
    if kind not in KINDS:
        return None
    return str(payload[kind]["message_id" if kind == "reaction" else "original_message_id"])


def look_of(message: Message, remarks: Iterable[Message]) -> Look:
    """The message with what was done to it since, oldest first. Each side has one emoji, the last one."""
    payload, edited, revoked = message.payload, False, False
    emoji: dict[Sender, str] = {}
    for remark in remarks:
        if remark.status == "failed":
            continue
        match remark.payload["type"]:
            case "reaction":
                emoji.pop(remark.sender, None)
                if chosen := remark.payload["reaction"].get("emoji"):
                    emoji[remark.sender] = chosen
            case "edit":
                new = remark.payload["edit"]["message"]
                payload, edited = {**message.payload, new["type"]: new[new["type"]]}, True
            case "revoke":
                revoked = True
    return Look(payload=payload, edited=edited, revoked=revoked, reactions=() if revoked else tuple(emoji.values()))


def react(message: Message, emoji: str) -> Payload:
    """Put an emoji on a message; an empty one takes it away."""
    emoji = emoji.strip()
    if len(emoji) > LONGEST_EMOJI or any(sign.isalpha() or sign.isspace() for sign in emoji):
        raise PhoneProblem("One reacts with a single emoji.")
    return {"type": "reaction", "reaction": {"message_id": message.wamid, "emoji": emoji}}


def edit(message: Message, look: Look, body: str, now: datetime) -> Payload:
    """Other words for one's own text, or for the words under one's own file."""
    kind = message.payload["type"]
    if message.sender != "person" or look.revoked:
        raise PhoneProblem("One can edit only one's own messages.")
    if kind not in ("text", "image", "video", "document"):
        raise PhoneProblem("Only texts, and the words under a photo, video or document, can be edited.")
    if now - message.at > EDIT_WITHIN:
        raise PhoneProblem("A message can be edited for 15 minutes.")
    words = "body" if kind == "text" else "caption"
    new: Payload = {"type": kind, kind: {**look.payload[kind], words: typed(body)}}
    if message.context_wamid:
        new = {"context": {"id": message.context_wamid}, **new}
    return {"type": "edit", "edit": {"original_message_id": message.wamid, "message": new}}


def revoke(message: Message, look: Look, now: datetime) -> Payload:
    """Take one's own message back, for everyone."""
    if message.sender != "person" or look.revoked:
        raise PhoneProblem("One can delete only one's own messages for everyone, and only once.")
    if now - message.at > DELETE_WITHIN:
        raise PhoneProblem("A message can be deleted for everyone for about two days.")
    return {"type": "revoke", "revoke": {"original_message_id": message.wamid}}
