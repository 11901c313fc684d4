"""What every provider says of a send: accepted, failed (and how), or that nobody knows."""

from dataclasses import dataclass
from typing import Protocol

from notifications.claim import Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider took it; a receipt will tell more."""

    provider_message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It did not go."""

    reason: str
    code: int | None
    retryable: bool
    """Whether the same message may succeed later."""
    counts: bool = True
    """False for throttling and outages: the provider is busy or away, the message is not to blame."""
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """It left, and the answer was lost: it may or may not arrive."""

    reason: str


Outcome = Accepted | Failed | Uncertain


class Provider(Protocol):
    """Delivers a message; never raises for what a provider or a network can do."""

    async def deliver(self, message: Outgoing) -> Outcome: ...
