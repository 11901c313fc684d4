"""Leaving a list by the link in an email: the address of each message, and the decision that it stands for.

UnknownLink         the address was not made here, or leads to somebody who is not known
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from channels.email.unsubscribe import Leaving, make_token, read_token
from notifications import consent
from notifications.outgoing import Outgoing
from notifications.workflows import LEAVE_PLACEHOLDER
from storage.tables import businesses, subscribers

CHANNEL: Final = "email"


class UnknownLink(Exception):
    """The link leads nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveLinks:
    """Makes and reads the links of our emails."""

    address: str
    """How the public port is reached, without a slash at its end."""
    secrets: Sequence[str] = field(repr=False)
    """The one that signs, then older ones, whose links go on working."""

    def make(self, message: Outgoing) -> str:
        leaving = Leaving(
            business_id=message.business_id,
            who=message.subscriber_id or "",
            category=message.category,
            message_id=message.id,
        )
        return f"{self.address}/u/{make_token(self.secrets[0], leaving)}"

    def read(self, token: str) -> Leaving:
        """Raises UnknownLink."""
        leaving = read_token(self.secrets, token)
        if leaving is None or leaving.category not in consent.CATEGORIES:
            raise UnknownLink
        return leaving


def with_link(words: str, link: str | None) -> str:
    """A rendered email with the address in the place that was kept for it. Of our own letters, it needs no escaping."""
    return words if link is None else words.replace(LEAVE_PLACEHOLDER, link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a page can tell whoever follows a link."""

    business: str
    language: str
    category: str
    has_left: bool


def standing(connection: Connection, leaving: Leaving) -> Standing:
    """Changes nothing. Raises UnknownLink, also for whoever was forgotten."""
    person = _person(connection, leaving)
    return Standing(
        business=person.business,
        language=person.locale or person.default_language,
        category=leaving.category,
        has_left=consent.is_opted_out(connection, person.id, leaving.category, CHANNEL),
    )


def leave(connection: Connection, leaving: Leaving, now: datetime) -> Standing:
    """Keep the decision; the same link again changes nothing. Raises UnknownLink."""
    consent.refuse(
        connection,
        business_id=leaving.business_id,
        subscriber_id=_person(connection, leaving).id,
        channel=CHANNEL,
        categories=(leaving.category,),
        source="one_click",
        now=now,
    )
    return standing(connection, leaving)


def _person(connection: Connection, leaving: Leaving) -> Row[Any]:
    """Whom the link was sent to, or who they turned out to be."""
    s, b = subscribers.c, businesses.c
    goes_on = sa.select(sa.func.coalesce(s.merged_into, s.id)).where(s.id == leaving.who).scalar_subquery()
    wanted: sa.Select[Any] = (
        sa.select(s.id, s.locale, b.default_language, b.name.label("business"))
        .join(businesses, b.id == s.business_id)
        .where(s.id == goes_on, s.business_id == leaving.business_id)
    )
    person = connection.execute(wanted).one_or_none()
    if person is None:
        raise UnknownLink
    return person
