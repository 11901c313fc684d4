"""Delivers SMS, by whichever client is behind it: Twilio, or OVH."""

from dataclasses import dataclass
from typing import Final, Protocol

from channels.invalid import InvalidMessage
from channels.sending import Accepted
from channels.sms.message import Sms
from notifications.outgoing import Outgoing
from notifications.providers.asking import outcome_of
from notifications.providers.base import Outcome

TWILIO: Final = "twilio"
OVH: Final = "ovh"
"""As `messages.provider`, reports and SMS_PROVIDERS name them."""


class SmsClient(Protocol):
    async def send(self, sms: Sms) -> Accepted:
        """Raises SendError or InvalidMessage."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsProvider:
    """Whoever delivers our SMS; our id travels along, so that reports find the message."""

    name: str
    client: SmsClient
    sender: str | None = None
    """A number or a name; None leaves it to the account."""
    channel: str = "sms"

    async def deliver(self, message: Outgoing) -> Outcome:
        return await outcome_of(self.name, lambda: self.client.send(self._sms(message)))

    def _sms(self, message: Outgoing) -> Sms:
        """Raises InvalidMessage."""
        text = message.payload.get("text")
        if not isinstance(text, str):
            raise InvalidMessage("text", "is no text")
        return Sms(
            message_id=message.id,
            recipient=message.recipient or "",
            text=text,
            sender=self.sender,
            stop_clause=message.category == "marketing",
        )
