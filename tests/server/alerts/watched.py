"""A house that is watched: a clock to move, gauges to set, people who are told, and a webhook that takes or refuses."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.email.message import Mailbox
from channels.email.smtp import SmtpClient
from channels.email.smtp_url import read_smtp_url
from notifications.leaving import LeaveLinks
from notifications.providers.email import SMTP, EmailProvider
from server.alerts.tables import alert_notices, alerts
from server.alerts.telling import Teller
from server.alerts.watch import AlertWatch
from server.watching.readings import Reading
from storage.clock import database_now
from storage.database import Database, DatabaseBusy
from telemetry import metrics
from tests.asgi_transport import AsgiTransport
from tests.channels.email.mail_server import MailServer, mail_server

SECRET = "a-secret-for-tests-only"
JEAN = "jean@kimia.example"
STOPPED = Reading(metrics.STOPS, 2)


@dataclass
class Hook:
    """Takes webhooks, or answers with another status."""

    status: int = 200
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/alerts", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        if self.status == 200:
            self.taken.append((dict(request.headers), await request.body()))
        return Response(status_code=self.status)


@dataclass
class Watched:
    """What the gauges read, whom it reached, and what is kept of it."""

    database: Database
    mail: MailServer
    hook: Hook
    teller: Teller
    now: datetime = datetime(2026, 11, 22, 9, tzinfo=UTC)
    readings: Sequence[Reading] = ()
    is_away: bool = False
    """Whether the database takes nothing."""

    def watch(self) -> AlertWatch:
        """A process that watches."""

        async def read() -> list[Reading]:
            if self.is_away:
                raise DatabaseBusy("The disk is full.")
            return list(self.readings)

        return AlertWatch(database=self.database, read=read, teller=self.teller, clock=lambda: self.now)

    async def lasts(self, watch: AlertWatch, minutes: float) -> None:
        """So much time passes, and it is looked every minute."""
        end = self.now + timedelta(minutes=minutes)
        while self.now < end:
            self.now = min(end, self.now + timedelta(minutes=1))
            await watch.look()

    async def due_again(self) -> None:
        """What could not be told is due to be tried once more."""
        untold = sa.update(alert_notices).where(alert_notices.c.next_at.is_not(None))
        await self.database.write(lambda c: c.execute(untold.values(next_at=database_now(-1))))

    async def rows(self, table: sa.Table = alerts) -> list[Any]:
        chosen = sa.select(table).order_by(table.c.id)
        return list(await self.database.read(lambda connection: connection.execute(chosen).all()))

    @property
    def subjects(self) -> list[str]:
        """Of the emails that arrived."""
        return [str(each["Subject"]) for each in self.mail.taken]


@asynccontextmanager
async def watching(database: Database, language: str = "en") -> AsyncIterator[Watched]:
    """A real mail server and a webhook, which both take what they are told."""
    async with AsyncExitStack() as held:
        server = await held.enter_async_context(mail_server())
        client = SmtpClient(read_smtp_url(f"smtp://127.0.0.1:{server.port}?encryption=none"))
        held.push_async_callback(client.aclose)
        hook = Hook()
        transport = AsgiTransport(hook.app())
        held.push_async_callback(transport.aclose)
        links = LeaveLinks(address="https://relais.example", secrets=[SECRET])
        sender = Mailbox.parse("Relais <relais@kimia.example>")
        watched = Watched(database, server, hook, None)  # type: ignore[arg-type]
        watched.teller = Teller(
            addresses=[JEAN],
            url="http://hooks.test/alerts",
            language=language,
            providers=[EmailProvider(name=SMTP, client=client, sender=sender, links=links)],
            transport=transport,
            secret=SECRET,
            clock=lambda: datetime.now(UTC),
        )
        yield watched
