"""The triggering half alone: a real desk over a real database, with workflows that a test writes itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.merge import merge
from conversations.push_tokens import PushTokens
from notifications.plans import due
from notifications.plans.news import heard
from notifications.plans.resuming import resume
from notifications.tables import digest_buckets, messages, notification_decisions, notifications
from notifications.triggering import Outcome, Recipient, Tools, Trigger, TriggerDesk, Triggered
from notifications.workflows import Workflow, from_document
from storage.database import Database
from storage.wakeup import LocalWakeup
from tests.notifications.kimia import KIMIA_NUMBER, business_of

GRACE = "+242061234567"


def workflow(key: str = "news", **members: Any) -> Workflow:
    """One that says a code on WhatsApp, by SMS and by email; members take the place of its own."""
    document: dict[str, Any] = {
        "key": key,
        "title": "News",
        "category": "tracking",
        "payload": {"code": {"type": "text", "example": "A1"}},
        "steps": [{"send": "whatsapp"}],
        "contents": {
            "whatsapp": {"text": {"fr": "Colis {{ payload.code }}", "en": "Parcel {{ payload.code }}"}},
            "sms": {"text": {"fr": "SMS {{ payload.code }}", "en": "Text {{ payload.code }}"}},
            "email": {
                "subject": {"fr": "Colis", "en": "Parcel"},
                "text": {"fr": "Colis {{ payload.code }}", "en": "Parcel {{ payload.code }}"},
            },
            "inapp": {"title": {"fr": "Colis", "en": "Parcel"}, "body": {"fr": "…", "en": "…"}},
        },
    }
    return from_document({**document, **members})


class PushDesk:
    """A desk of one business, and what became of what it was given."""

    def __init__(self, database: Database, business_id: str, workflows: Sequence[Workflow]) -> None:
        self.database = database
        self.business_id = business_id
        self.workflows: dict[str, Workflow] = {each.key: each for each in workflows}
        self.tools = Tools(workflows=lambda slug: self.workflows, tokens=PushTokens(), merge=merge)
        self.desk = TriggerDesk(database, LocalWakeup(), self.tools)

    @classmethod
    async def open(cls, database: Database, *workflows: Workflow, number: str = KIMIA_NUMBER) -> "PushDesk":
        return cls(database, await business_of(database, number), workflows or [workflow()])

    def trigger(
        self, to: Recipient | str = GRACE, payload: Mapping[str, Any] | None = None, key: str = "news", **more: Any
    ) -> Trigger:
        recipient = Recipient(phone=to) if isinstance(to, str) else to
        told = {"code": "A1"} if payload is None else payload
        return Trigger(business_id=self.business_id, workflow=key, to=recipient, payload=told, **more)

    async def notify(self, *given: Any, **more: Any) -> Triggered:
        return await self.desk.notify(self.trigger(*given, **more))

    async def notify_many(self, triggers: Sequence[Trigger]) -> list[Outcome]:
        return await self.desk.notify_many(triggers)

    async def walk(self) -> int:
        """Walk every plan that is due, once; how many there were."""
        claimed = await self.database.write(due.claim, 100)
        await self.database.write(resume, claimed, self.tools.tokens)
        return len(claimed)

    async def later(self, seconds: float) -> None:
        """Time passes: the database's clock cannot be moved, so what waits by it is."""
        await self.database.write(_age, timedelta(seconds=seconds))

    async def becomes(self, message_id: str, status: str, error_code: int | None = None) -> None:
        """Something happened to a message, as a worker or a receipt writes it."""
        await self.database.write(become, message_id, status, error_code)

    async def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Any]:
        def read(connection: Connection) -> list[Any]:
            query = sa.select(table).where(*where).order_by(*table.primary_key.columns)
            return list(connection.execute(query).all())

        return await self.database.read(read)

    async def notification(self, triggered: Triggered) -> Any:
        return (await self.rows(notifications, notifications.c.id == triggered.notification_id))[0]

    async def messages(self, triggered: Triggered | None = None) -> list[Any]:
        where = [] if triggered is None else [messages.c.notification_id == triggered.notification_id]
        return await self.rows(messages, *where)

    async def story(self, triggered: Triggered) -> list[str]:
        d = notification_decisions.c
        return [
            row.decision
            for row in await self.rows(notification_decisions, d.notification_id == triggered.notification_id)
        ]


def become(connection: Connection, message_id: str, status: str, error_code: int | None = None) -> None:
    """What a receipt does: the status, and its news, in one transaction."""
    m = messages.c
    values = {"status": status, "error_code": error_code}
    connection.execute(sa.update(messages).where(m.id == message_id).values(values))
    heard(connection, [message_id], datetime.now(UTC))


def _age(connection: Connection, by: timedelta) -> None:
    """Of what still waits: the rest is history."""
    n, b, m = notifications.c, digest_buckets.c, messages.c
    waiting = (n.state.in_(("active", "merged")), b.closed_at.is_(None), m.status == "queued")
    for where, columns in zip(
        waiting, ((n.next_at, n.expires_at, n.lease_until), (b.closes_at,), (m.expires_at,)), strict=True
    ):
        table = columns[0].table
        for row in connection.execute(sa.select(table.c.id, *columns).where(where)).all():
            moved = {name: moment - by for name, moment in row._mapping.items() if isinstance(moment, datetime)}
            if moved:
                connection.execute(sa.update(table).where(table.c.id == row.id).values(moved))
    for row in connection.execute(sa.select(n.id, n.anchor).where(n.state == "active", n.anchor.is_not(None))).all():
        if row.anchor:
            starts_at = datetime.fromisoformat(row.anchor["starts_at"]) - by
            anchor = {**row.anchor, "starts_at": starts_at.isoformat()}
            connection.execute(sa.update(notifications).where(n.id == row.id).values(anchor=anchor))
    for row in connection.execute(sa.select(n.id, n.progress).where(n.state == "active")).all():
        if "until" in row.progress:
            until = datetime.fromisoformat(row.progress["until"]) - by
            progress = {**row.progress, "until": until.isoformat()}
            connection.execute(sa.update(notifications).where(n.id == row.id).values(progress=progress))


def make_due(connection: Connection) -> None:
    """Every plan's time has come."""
    n = notifications.c
    past = datetime.now(UTC) - timedelta(hours=1)
    connection.execute(sa.update(notifications).where(n.state == "active").values(next_at=past))
