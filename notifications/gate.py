"""The gate: may this message go now? Pure; each "no" is a reason that a person can read."""

from dataclasses import dataclass
from datetime import datetime

from channels.whatsapp import window
from notifications.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the gate looks at, read in the claim's own transaction."""

    category: str
    is_template: bool
    recipient: str | None
    last_inbound_at: datetime | None
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
    if facts.recipient is None:
        return Refusal(status=Status.SKIPPED, reason="The person has no WhatsApp number that we know.")
    if not facts.is_template and not window.is_open(facts.last_inbound_at, now):
        return Refusal(
            status=Status.SKIPPED,
            reason="The customer service window is closed: the person has not written for 24 hours.",
        )
    return None
