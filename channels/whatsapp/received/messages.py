"""What a person sent, with all that WhatsApp says about it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from channels.whatsapp.received.contents import Content
from channels.whatsapp.received.people import Identity, Sender
from channels.whatsapp.received.receipts import StatusError


class Forwarded(StrEnum):
    ONCE = "once"  # or a few times
    FREQUENTLY = "frequently"  # more than five times, as WhatsApp counts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferredProduct:
    """The product of our catalogue that a message asks about."""

    catalog_id: str | None = None
    product_retailer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """The advertisement or post that led the person to us. Its links are Meta's to choose: never fetch them blindly."""

    source_type: str | None = None  # ad, post
    source_id: str | None = None
    source_url: str | None = None
    headline: str | None = None
    body: str | None = None
    media_type: str | None = None  # image, video
    image_url: str | None = None
    video_url: str | None = None
    thumbnail_url: str | None = None
    click_id: str | None = field(default=None, repr=False)  # `ctwa_clid`, which names this person's click
    welcome_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    phone_number_id: str  # the number of ours it was written to
    waba_id: str | None = None
    wamid: str = field(repr=False)
    sender: Sender
    sent_at: datetime
    content: Content
    context_id: str | None = field(default=None, repr=False)  # the message it answers or quotes
    forwarded: Forwarded | None = None
    product: ReferredProduct | None = None
    referral: Referral | None = None
    identity: Identity | None = None
    group_id: str | None = field(default=None, repr=False)
    errors: tuple[StatusError, ...] = ()
    raw: dict[str, Any] = field(repr=False)  # the message as Meta sent it
