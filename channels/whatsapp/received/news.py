"""What is neither a message nor a receipt: news of people, of numbers, of the account, of templates.

    News                      any webhook field; what only a subclass reads stays in `raw` for all others
    ├── of people             PreferenceChange, UserIdUpdate, Echo
    ├── of a number           NumberErrors, NumberQualityChange, NumberNameChange, SecurityEvent
    ├── of the account        AccountUpdate, AccountAlert, AccountReview, CapabilityUpdate
    ├── of templates          in `templates`
    └── OtherChange           a field, or a part of one, that is not read here

Events, decisions, ratings and reasons are Meta's own words, so that one not known yet arrives like any other.
"""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.whatsapp.received.contents import Content
from channels.whatsapp.received.people import Sender
from channels.whatsapp.received.receipts import StatusError


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    field: str  # Meta's name of it, such as user_preferences
    phone_number_id: str | None = None
    waba_id: str | None = None
    at: datetime | None = None  # when it happened, as far as Meta says
    raw: dict[str, Any] = dataclasses.field(repr=False)  # the change as Meta sent it, with this item alone


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChange(News):
    """Somebody told WhatsApp whether they want our marketing."""

    sender: Sender
    category: str  # marketing_messages
    value: str  # stop, resume


@dataclass(frozen=True, slots=True, kw_only=True)
class UserIdUpdate(News):
    """A person's id for our portfolio changed; `sender` holds the new one."""

    sender: Sender
    previous_user_id: str | None = dataclasses.field(default=None, repr=False)
    previous_parent_user_id: str | None = dataclasses.field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo(News):
    """What a human wrote to somebody in the WhatsApp Business app, beside us on the same number."""

    to: Sender
    wamid: str = dataclasses.field(repr=False)
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberErrors(News):
    """What went wrong at a number. Why a tap is broken, or a receipt a failure, also stands there."""

    errors: tuple[StatusError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberQualityChange(News):
    event: str  # FLAGGED, UNFLAGGED, UPGRADE, DOWNGRADE, THROUGHPUT_UPGRADE, ONBOARDING …
    display_number: str | None = None  # digits of our number
    current_limit: str | None = None  # TIER_250, TIER_2K … ; the older spelling
    previous_limit: str | None = None
    max_daily_conversations: str | None = None  # the newer spelling of the limit, for the whole portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNameChange(News):
    """Meta's decision about the name a number shows."""

    decision: str  # APPROVED, REJECTED, PENDING, DEFERRED
    display_number: str | None = None
    name: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent(News):
    """Somebody touched the two-step verification of a number."""

    event: str  # PIN_CHANGED, PIN_RESET_REQUEST, PIN_RESET_SUCCESS
    display_number: str | None = None
    requester: str | None = dataclasses.field(default=None, repr=False)  # who asked, as Meta names them


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One thing the account may not do for a while."""

    type: str  # RESTRICTED_BIZ_INITIATED_MESSAGING …
    expires_at: datetime | None = None
    remediation: str | None = None  # what Meta advises


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUpdate(News):
    event: str  # ACCOUNT_RESTRICTION, ACCOUNT_VIOLATION, DISABLED_UPDATE, VERIFIED_ACCOUNT …
    display_number: str | None = None
    ban_state: str | None = None  # SCHEDULE_FOR_DISABLE, DISABLE, REINSTATE
    ban_date: str | None = None  # as Meta words it
    violation: str | None = None  # the policy that was broken
    restrictions: tuple[Restriction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAlert(News):
    alert: str  # the kind of alert
    severity: str | None = None  # CRITICAL, WARNING, INFORMATIONAL
    status: str | None = None  # ACTIVE, NONE
    description: str | None = None
    entity_type: str | None = None  # BUSINESS, PHONE_NUMBER, WABA
    entity_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReview(News):
    decision: str  # APPROVED, REJECTED, PENDING, DEFERRED


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityUpdate(News):
    """How much the account may do now. -1 stands for no limit."""

    max_daily_conversations_per_number: int | None = None
    max_daily_conversations: str | None = None  # for the whole portfolio: a number or a tier
    max_numbers: int | None = None  # of the portfolio
    max_numbers_of_account: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherChange(News):
    """A field that is not read here, kept whole."""
