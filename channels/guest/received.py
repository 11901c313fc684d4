"""What a guest sends, in the shape of what WhatsApp brings: so it is kept, answered and shown like everything else.

BadWords            it cannot be sent; `why` is empty or long
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from channels.whatsapp.webhook import ButtonReply, InboundMessage, ListReply, Sender, TextReceived

MAX_WORDS: Final = 1_000
"""characters of one message; our choice, for people who try a bot"""


class BadWords(ValueError):
    """Words that cannot be sent."""

    def __init__(self, why: Literal["empty", "long"]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A button or a row of a message of ours."""

    kind: Literal["button_reply", "list_reply"]
    id: str = field(repr=False)
    title: str = field(repr=False)


def written(number: str, message_id: str, words: str, now: datetime) -> InboundMessage:
    """Words. Raises BadWords."""
    body = words.replace("\r\n", "\n").replace("\x00", "").strip()
    if not body:
        raise BadWords("empty")
    if len(body) > MAX_WORDS:
        raise BadWords("long")
    raw = {**_frame(message_id, now), "type": "text", "text": {"body": body}}
    return InboundMessage(
        phone_number_id=number,
        wamid=message_id,
        sender=Sender(),
        sent_at=now,
        content=TextReceived(body=body),
        raw=raw,
    )


def tapped(number: str, message_id: str, tap: Tap, on: str, now: datetime) -> InboundMessage:
    """A tap on the message of ours that its provider calls `on`."""
    reply = {"id": tap.id, "title": tap.title}
    raw = {
        **_frame(message_id, now),
        "context": {"id": on},
        "type": "interactive",
        "interactive": {"type": tap.kind, tap.kind: reply},
    }
    made = ButtonReply if tap.kind == "button_reply" else ListReply
    return InboundMessage(
        phone_number_id=number,
        wamid=message_id,
        sender=Sender(),
        sent_at=now,
        content=made(id=tap.id, title=tap.title),
        context_id=on,
        raw=raw,
    )


def _frame(message_id: str, now: datetime) -> dict[str, Any]:
    return {"id": message_id, "timestamp": str(int(now.timestamp()))}
