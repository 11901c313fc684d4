"""Delivers into a person's inbox: with its settling the message is there, and who has the inbox open is told."""

from typing import Final

from channels.inapp.message import InAppMessage
from channels.sending import Accepted
from notifications.outgoing import Outgoing
from notifications.providers.asking import outcome_of
from notifications.providers.base import Outcome

INAPP: Final = "inapp"
"""The channel, and its only provider: as `messages.provider` and receipts name it."""


class InAppProvider:
    """The inbox is a view of our own messages, so there is nobody to ask; what could never be shown is refused."""

    name = INAPP
    channel = INAPP

    async def deliver(self, message: Outgoing) -> Outcome:
        return await outcome_of(self.name, lambda: _deliver(message))


async def _deliver(message: Outgoing) -> Accepted:
    """Raises InvalidMessage."""
    InAppMessage.of(message.recipient, message.payload)
    return Accepted(provider_message_id=message.id)
