"""Delivers emails, by whichever client is behind it: a mail server, or SendGrid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from channels.email.message import Email, Mailbox
from channels.invalid import InvalidMessage
from channels.sending import Accepted
from notifications.consent import CATEGORIES
from notifications.leaving import LeaveLinks, with_link
from notifications.outgoing import Outgoing
from notifications.providers.asking import outcome_of
from notifications.providers.base import Outcome

SMTP: Final = "smtp"
SENDGRID: Final = "sendgrid"
"""As `messages.provider` and reports name them."""


class EmailClient(Protocol):
    async def send(self, email: Email) -> Accepted:
        """Raises SendError or InvalidMessage."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailProvider:
    """Whoever delivers our emails; our id travels along, so that reports find the message."""

    name: str
    client: EmailClient
    sender: Mailbox
    links: LeaveLinks = field(repr=False)
    channel: str = "email"

    async def deliver(self, message: Outgoing) -> Outcome:
        return await outcome_of(self.name, lambda: self.client.send(self._email(message)))

    def _email(self, message: Outgoing) -> Email:
        """Raises InvalidMessage."""
        words = message.payload
        may_leave = message.category in CATEGORIES
        link = self.links.make(message) if may_leave else None
        return Email(
            message_id=message.id,
            sender=self.sender,
            recipient=Mailbox(address=message.recipient or ""),
            subject=_text(words, "subject"),
            html=with_link(_text(words, "html"), link) or None,
            text=with_link(_text(words, "text"), link) or None,
            list_unsubscribe=link,
            categories=(message.category,),
        )


def _text(words: Mapping[str, object], name: str) -> str:
    value = words.get(name) or ""
    if not isinstance(value, str):
        raise InvalidMessage(name, "is no text")
    return value
