"""What every provider says of a send: accepted, failed (and how), or that nobody knows."""

from dataclasses import dataclass, field
from typing import Protocol

from channels.whatsapp.error_codes import Remedy
from channels.whatsapp.usage import NO_USAGE, Usage
from notifications.claim import Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider took it; a receipt will tell more."""

    provider_message_id: str = field(repr=False)
    notes: tuple[str, ...] = ()
    """What was changed on the way, such as a picture left out; kept for `explain`."""
    wa_id: str | None = field(default=None, repr=False)
    """The recipient as WhatsApp spells them."""
    user_id: str | None = field(default=None, repr=False)
    """The recipient's business-scoped user id."""
    usage: Usage = NO_USAGE
    """How much of our allowance is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It did not go."""

    reason: str
    code: int | None
    remedy: Remedy
    """What is done about it."""
    retry_after_seconds: float | None = None
    was_asked: bool = True
    """False where it ended before the provider was asked, and so says nothing of the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """It left, and the answer was lost: it may or may not arrive."""

    reason: str


Outcome = Accepted | Failed | Uncertain


class Provider(Protocol):
    """Delivers a message; never raises for what a provider or a network can do."""

    async def deliver(self, message: Outgoing) -> Outcome: ...
