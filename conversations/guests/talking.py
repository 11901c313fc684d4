"""A guest's talk: begun with their first words, and from there on like anybody's.

LinkFull            as many people came by the link as may
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.guest import GUEST, Tap, guest_number, tapped, written
from conversations.guest_tables import guest_links, guests
from conversations.guests.links import FORGOTTEN_AFTER, GuestLink
from conversations.guests.secret import digest, new_secret
from conversations.inbox import Inbox, Stored
from conversations.people import Conversation
from storage.tables import conversations, subscribers
from storage.types import new_id


class LinkFull(Exception):
    """Nobody new may come by this link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a guest sends, under a key of their page: the same key again changes nothing."""

    key: str
    words: str = ""
    tap: Tap | None = None
    on: str = ""
    """The message of ours that was tapped."""


def enter(connection: Connection, link: GuestLink, now: datetime) -> tuple[Conversation, str]:
    """A new guest of this link, and the secret by which their browser is known again. Raises LinkFull."""
    g = guest_links.c
    has_room = (g.id == link.id, g.guests < g.most_guests, g.ended_at.is_(None), g.expires_at > now)
    if connection.execute(sa.update(guest_links).where(*has_room).values(guests=g.guests + 1)).rowcount == 0:
        raise LinkFull
    talk = Conversation(id=new_id(), business_id=link.business_id, subscriber_id=new_id())
    business = {"business_id": link.business_id}
    # Their link is all that is known of them: the team knows them by its label.
    person = {"id": talk.subscriber_id, "role": GUEST, "name": link.label, "locale": link.language, "created_at": now}
    connection.execute(sa.insert(subscribers).values(**business, **person))
    number = guest_number(link.business_id)
    connection.execute(
        sa.insert(conversations).values(
            id=talk.id, phone_number_id=number, subscriber_id=talk.subscriber_id, **business
        )
    )
    secret = new_secret()
    connection.execute(
        sa.insert(guests).values(
            conversation_id=talk.id,
            link_id=link.id,
            secret_hash=digest(secret),
            created_at=now,
            forget_at=link.expires_at + FORGOTTEN_AFTER,
            **business,
        )
    )
    return talk, secret


def known(connection: Connection, link: GuestLink, secret: str) -> Conversation | None:
    """Whose browser it is that comes by this link; None for somebody new, or forgotten."""
    g, c = guests.c, conversations.c
    row = connection.execute(
        sa.select(c.id, c.business_id, c.subscriber_id)
        .join(guests, g.conversation_id == c.id)
        .where(g.secret_hash == digest(secret), g.link_id == link.id, ~g.asked_to_forget)
    ).one_or_none()
    return None if row is None else Conversation(**row._asdict())


def say(connection: Connection, inbox: Inbox, talk: Conversation, said: Said, now: datetime) -> Stored:
    """Keep what a guest says, as a webhook's message is kept. Wake "turns" after the commit. Raises BadWords."""
    number, message_id = guest_number(talk.business_id), f"{GUEST}.{talk.id}.{said.key}"
    item = (
        written(number, message_id, said.words, now)
        if said.tap is None
        else tapped(number, message_id, said.tap, said.on, now)
    )
    return inbox.keep(connection, item, talk, now)
