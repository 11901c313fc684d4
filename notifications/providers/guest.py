"""Delivers to a guest's page: with its settling the message stands there, and the page tells when it was fetched."""

from channels.guest import GUEST
from notifications.outgoing import Outgoing
from notifications.providers.base import Accepted, Outcome


class GuestProvider:
    """The page is a view of our own messages, so there is nobody to ask."""

    name = GUEST
    channel = GUEST

    async def deliver(self, message: Outgoing) -> Outcome:
        return Accepted(provider=self.name, provider_message_id=message.id)
