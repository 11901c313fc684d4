"""What every provider says of a send: accepted, failed (and how), or that nobody knows."""

from dataclasses import dataclass, field
from typing import Protocol

from channels.failures import Remedy
from channels.whatsapp.usage import NO_USAGE, Usage
from notifications.outgoing import Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider took it; a receipt will tell more."""

    provider: str
    provider_message_id: str | None = field(repr=False)
    """The provider's name for it, where it told one; reports that carry ours find the message too."""
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

    provider: str
    reason: str
    code: int | None
    """The provider's, where it is a number."""
    remedy: Remedy
    """What is done about it."""
    retry_after_seconds: float | None = None
    was_asked: bool = True
    """False where it ended before the provider was asked, and so says nothing of the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """It left, and the answer was lost: it may or may not arrive."""

    provider: str
    reason: str


Outcome = Accepted | Failed | Uncertain


class Deliverer(Protocol):
    """Delivers a message of any channel: one provider, or whoever chooses between several."""

    async def deliver(self, message: Outgoing) -> Outcome: ...


class Provider(Protocol):
    """Delivers the messages of a channel; never raises for what a provider or a network can do."""

    @property
    def name(self) -> str:
        """As `messages.provider` keeps it, such as `sendgrid`."""
        ...

    @property
    def channel(self) -> str: ...

    async def deliver(self, message: Outgoing) -> Outcome: ...
