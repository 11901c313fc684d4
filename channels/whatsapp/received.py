"""What arrives from WhatsApp, as values: messages of people, receipts, other news, and what could not be read.

Whatever tells who somebody is or what they wrote is kept out of every repr, so that it cannot slip into a log.
That includes message ids, which encode the phone number.
"""

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who wrote. At least one of the ids is known; a person who hides their number has no `wa_id`."""

    wa_id: str | None = field(default=None, repr=False)  # digits
    user_id: str | None = field(default=None, repr=False)  # Meta's id of the person for this business portfolio
    name: str | None = field(default=None, repr=False)  # as they call themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived:
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonReply:
    """A tap on one of our reply buttons, or on the quick reply of a template (whose payload is the id)."""

    id: str = field(repr=False)
    title: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReply:
    id: str = field(repr=False)
    title: str = field(repr=False)
    description: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationReceived:
    latitude: float = field(repr=False)  # degrees
    longitude: float = field(repr=False)  # degrees
    name: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceived:
    kind: str  # image, video, audio, document, sticker
    media_id: str
    mime_type: str | None = None
    caption: str | None = field(default=None, repr=False)
    voice: bool = False  # recorded in the chat
    sha256: str | None = None  # base64 of 32 bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReceived:
    """A kind that is kept and acknowledged but not read here; interactive ones as `interactive.<type>`."""

    kind: str


Content = TextReceived | ButtonReply | ListReply | LocationReceived | MediaReceived | OtherReceived


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    phone_number_id: str  # the number of ours it was written to
    wamid: str = field(repr=False)
    sender: Sender
    sent_at: datetime
    content: Content
    context_id: str | None = field(default=None, repr=False)  # the message it answers or quotes
    raw: dict[str, Any] = field(repr=False)  # the message as Meta sent it


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusError:
    code: int
    title: str
    details: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """A receipt. `status` is Meta's own word: sent, delivered, read, played, failed, or one not known yet."""

    phone_number_id: str
    wamid: str = field(repr=False)
    status: str
    recipient: str = field(repr=False)  # empty where Meta names none; then the wamid or callback data tells
    at: datetime
    callback_data: str | None = None
    errors: tuple[StatusError, ...] = ()
    raw: dict[str, Any] = field(repr=False)  # the status as Meta sent it


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherChange:
    """News that is neither a message nor a receipt: of templates, of the account, or a field not known yet."""

    field: str
    raw: dict[str, Any] = dataclasses.field(repr=False)  # the change as Meta sent it
    phone_number_id: str | None = None
    waba_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An item whose shape we do not understand."""

    phone_number_id: str | None
    raw: dict[str, Any] = field(repr=False)  # a webhook body of its own with this item alone, to be parsed again
    problem: str


Item = InboundMessage | StatusUpdate | OtherChange | Unreadable
