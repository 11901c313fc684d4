"""What became of what we sent, and Meta's errors wherever they stand."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusError:
    """One of Meta's errors: in a receipt, in a message, or beside them."""

    code: int
    title: str
    details: str = field(default="", repr=False)
    href: str | None = None  # where Meta explains its codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """What Meta says a message costs; each part as Meta words it, since prices and their words change."""

    billable: bool | None = None
    model: str | None = None  # PMP per message, CBP per conversation
    type: str | None = None  # regular, free_customer_service, free_entry_point …
    category: str | None = None  # marketing, utility, authentication, service …


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingConversation:
    """What Meta counts as a conversation for its bill; none of ours."""

    id: str | None = None
    origin: str | None = None  # marketing, utility, referral_conversion …
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """A receipt. `status` is Meta's own word: sent, delivered, read, played, failed, or one not known yet."""

    phone_number_id: str
    waba_id: str | None = None
    wamid: str = field(repr=False)
    status: str
    recipient: str = field(repr=False)  # empty where Meta names none; then the wamid or callback data tells
    recipient_user_id: str | None = field(default=None, repr=False)
    recipient_parent_user_id: str | None = field(default=None, repr=False)
    recipient_type: str | None = None  # individual, group
    group_id: str | None = field(default=None, repr=False)  # then `recipient` is a member, where one is named
    at: datetime
    callback_data: str | None = None
    conversation: BillingConversation | None = None
    pricing: Pricing | None = None
    errors: tuple[StatusError, ...] = ()
    raw: dict[str, Any] = field(repr=False)  # the status as Meta sent it
