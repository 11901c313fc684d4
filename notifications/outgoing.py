"""A message that was claimed: what a provider needs to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notifications.prices.pricing import Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message that is ours to send until its lease ends."""

    id: str
    business_id: str
    channel: str
    """whatsapp, email, sms, inapp, webhook"""
    lane: str
    category: str
    recipient: str | None = field(repr=False)
    """Who gets it, as the channel spells them; None on a channel whose payload says where it goes."""
    payload: Mapping[str, Any] = field(repr=False)
    """In the channel's own JSON, without the recipient."""
    conversation_id: str | None = None
    subscriber_id: str | None = None
    notification_id: str | None = None
    provider: str | None = None
    """Who tried last, where somebody did."""
    is_test: bool = False
    """Made with a test key: it never leaves the house."""
    due_at: datetime | None = None
    """Since when it might go."""
    attempt: int
    failures: int = 0
    error_code: int | None = None
    """The provider's code of the failure before, if there was one."""
    has_slot: bool = False
    """The rates gave it this moment: it goes without asking them again."""
    is_first: bool = True
    """It never went to a provider before."""
    is_probe: bool = False
    """Its number is stopped, and this one tries whether messages pass again."""
    phone_number_id: str = ""
    """WhatsApp: the number of ours that it is from; empty on other channels."""
    bsuid: str | None = field(default=None, repr=False)
    """WhatsApp: the person's business-scoped user id, where it is known."""
    per_second: int = 0
    """WhatsApp: what its number may send at its best."""
    cost: Cost | None = None
    """By the price book, as it leaves now; None where it costs nothing."""
