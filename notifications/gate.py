"""The gate: may this message go now? Pure; each "no" is a reason that a person can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from channels.whatsapp import window
from notifications.status import Status

ADDRESS_WORDS: Final[Mapping[str, str]] = {
    "whatsapp": "WhatsApp number",
    "email": "email address",
    "sms": "phone number",
    "inapp": "inbox",
    "guest": "guest's page",
}
"""What reaches a person on a channel. A webhook's payload says itself where it goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the gate looks at, read in the claim's own transaction."""

    channel: str
    category: str
    recipient: str | None
    expires_at: datetime | None
    is_opted_out: bool
    """The newest consent of this subscriber for this category and channel says no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a message does not go, and the status it ends in."""

    status: Status
    reason: str


def refusal(facts: Facts, now: datetime) -> Refusal | None:
    """The first reason not to send, or None."""
    if facts.expires_at is not None and facts.expires_at <= now:
        return Refusal(status=Status.EXPIRED, reason="Its time was over before it could be sent.")
    if facts.is_opted_out:
        return Refusal(status=Status.SKIPPED, reason=f"The person does not want {facts.category} messages here.")
    if facts.recipient is None and facts.channel in ADDRESS_WORDS:
        missing = ADDRESS_WORDS[facts.channel]
        return Refusal(status=Status.SKIPPED, reason=f"The person has no {missing} that we know.")
    return None


def free_form_refusal(last_inbound_at: datetime | None, now: datetime) -> Refusal | None:
    """Why words of our own may not go on WhatsApp, or None."""
    if window.is_open(last_inbound_at, now):
        return None
    return Refusal(
        status=Status.SKIPPED,
        reason="The customer service window is closed: the person has not written for 24 hours.",
    )
