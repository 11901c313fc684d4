"""Tells people what we know of them, and takes their wish to be forgotten: for the chat and for operators alike.

What it raises, beside NobodyKnown: BackendError where the business's own system does not do its part, WhatsAppError
where the file cannot be brought to WhatsApp.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from backend import BackendClient, Customer, NotFound, write_key
from channels.guest import is_guest_number
from channels.whatsapp.graph import Graph
from channels.whatsapp.media.upload import upload
from conversations import erasures, personal
from conversations.people import person, talk_of
from notifications import personal as sent
from storage.database import Database
from storage.tables import addresses, businesses, conversations, subscribers
from storage.wakeup import Wakeup

MIME_TYPE: Final = "text/plain"
"""WhatsApp takes no application/json, and phones open a .txt."""

FILENAME: Final = {"fr": "mes-donnees.txt", "en": "my-data.txt"}


class NobodyKnown(LookupError):
    """Nobody goes by this sender id or number."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that WhatsApp has, for one person."""

    media_id: str
    filename: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that the business may not delete yet, in its own words."""

    what: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose data it is."""

    business_id: str
    business: str
    business_name: str
    subscriber_id: str
    locale: str
    phone: str | None = field(repr=False)

    @property
    def customer(self) -> Customer | None:
        """As the business's system knows them."""
        return Customer(business=self.business, phone=self.phone) if self.phone else None


class PersonalDesk:
    """One service for both wishes."""

    def __init__(self, *, database: Database, wakeup: Wakeup, backend: BackendClient, graph: Graph) -> None:
        self._database = database
        self._wakeup = wakeup
        self._backend = backend
        self._graph = graph

    async def document(self, phone: str, business: str, now: datetime) -> dict[str, Any]:
        """Everything, for an operator; the number in E.164, the business by its slug. Raises NobodyKnown."""
        return await self._document(await self._database.read(_by_phone, phone, business), now)

    async def export(self, sender_id: str, now: datetime) -> Exported:
        """Everything, as a file at WhatsApp that can be sent in this talk alone. Raises NobodyKnown."""
        number, subject = await self._database.read(_by_sender, sender_id)
        if is_guest_number(number):
            # Their page takes no files, and nothing of theirs goes to WhatsApp.
            raise NobodyKnown
        document = await self._document(subject, now)
        content = json.dumps(document, ensure_ascii=False, indent=2).encode()
        filename = FILENAME.get(subject.locale, FILENAME["en"])
        # It is nowhere but there: WhatsApp deletes an upload after thirty days, and we keep no copy.
        return Exported(await upload(self._graph, number, content, MIME_TYPE, filename), filename)

    async def erase(self, sender_id: str, wish_id: str, now: datetime) -> tuple[Kept, ...]:
        """Delete what the business's system has now, and what we have once the talk is quiet. Raises NobodyKnown.

        The wish names it: again with the same one changes nothing more.
        """
        _, subject = await self._database.read(_by_sender, sender_id)
        return await self._erase(subject, "person", wish_id, now)

    async def erase_number(self, phone: str, business: str, wish_id: str, now: datetime) -> tuple[Kept, ...]:
        """The same for an operator, by number and business. Raises NobodyKnown."""
        return await self._erase(await self._database.read(_by_phone, phone, business), "operator", wish_id, now)

    async def document_of(self, subscriber_id: str, now: datetime) -> dict[str, Any]:
        """Everything, for the desk, by the person's id. Raises NobodyKnown."""
        return await self._document(await self._database.read(_by_id, subscriber_id), now)

    async def erase_one(self, subscriber_id: str, wish_id: str, now: datetime) -> tuple[Kept, ...]:
        """Forget them, for the desk, by the person's id. Raises NobodyKnown."""
        return await self._erase(await self._database.read(_by_id, subscriber_id), "operator", wish_id, now)

    async def customer(self, subscriber_id: str) -> Customer | None:
        """As the business's system knows this person; None without a number. Raises NobodyKnown."""
        return (await self._database.read(_by_id, subscriber_id)).customer

    async def _document(self, subject: _Subject, now: datetime) -> dict[str, Any]:
        ours = await self._database.read(_told, subject.subscriber_id)
        try:
            theirs = await self._backend.export(subject.customer) if subject.customer else None
        except NotFound:
            theirs = None  # it knows nothing of them
        return {
            "business": subject.business_name,
            "exported_at": now.isoformat(timespec="seconds"),
            "assistant": ours,
            "business_system": theirs.data if theirs else None,
        }

    async def _erase(self, subject: _Subject, asked_by: str, wish_id: str, now: datetime) -> tuple[Kept, ...]:
        kept: tuple[Kept, ...] = ()
        if subject.customer:
            try:
                deletion = await self._backend.delete_customer(
                    subject.customer, key=write_key(wish_id, "delete_customer")
                )
                kept = tuple(Kept(each.what, each.until) for each in deletion.kept)
            except NotFound:
                pass  # it knows nothing of them
        await self._database.write(
            erasures.ask,
            business_id=subject.business_id,
            subscriber_id=subject.subscriber_id,
            asked_by=asked_by,
            wish_id=wish_id,
            now=now,
        )
        self._wakeup.signal("erasures")
        return kept


def _told(connection: Connection, subscriber_id: str) -> dict[str, Any]:
    same, talks = personal.same_person(connection, subscriber_id), personal.talks_of(connection, subscriber_id)
    return personal.told(connection, subscriber_id) | sent.told(connection, same, talks)


def _by_sender(connection: Connection, sender_id: str) -> tuple[str, _Subject]:
    """Our number in the talk, and whose talk it is."""
    talk, known = talk_of(connection, sender_id), person(connection, sender_id)
    if talk is None or known is None:
        raise NobodyKnown
    number = connection.scalar(sa.select(conversations.c.phone_number_id).where(conversations.c.id == talk.id))
    return str(number), _subject(connection, talk.subscriber_id, known.phone)


def _by_phone(connection: Connection, phone: str, business: str) -> _Subject:
    a = addresses.c
    subscriber_id = connection.scalar(
        sa.select(a.subscriber_id)
        .join(businesses, businesses.c.id == a.business_id)
        .where(a.kind == "phone", a.value == phone, businesses.c.slug == business)
    )
    if subscriber_id is None:
        raise NobodyKnown
    return _subject(connection, subscriber_id, phone)


def _by_id(connection: Connection, subscriber_id: str) -> _Subject:
    a, s = addresses.c, subscribers.c
    if connection.scalar(sa.select(s.id).where(s.id == subscriber_id)) is None:
        raise NobodyKnown
    numbers = sa.select(a.value).where(a.subscriber_id == subscriber_id, a.kind == "phone").order_by(a.id.desc())
    return _subject(connection, subscriber_id, connection.scalar(numbers.limit(1)))


def _subject(connection: Connection, subscriber_id: str, phone: str | None) -> _Subject:
    row = connection.execute(
        sa.select(
            businesses.c.id,
            businesses.c.slug,
            businesses.c.name,
            sa.func.coalesce(subscribers.c.locale, businesses.c.default_language).label("locale"),
        )
        .join(businesses, businesses.c.id == subscribers.c.business_id)
        .where(subscribers.c.id == subscriber_id)
    ).one()
    return _Subject(row.id, row.slug, row.name, subscriber_id, row.locale, phone)
