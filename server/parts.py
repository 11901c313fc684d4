"""Builds the parts of the server from its settings and plugs them into each other."""

from dataclasses import dataclass
from datetime import UTC, datetime

from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.transport import AiohttpTransport, Transport
from conversations.bot import Bot
from conversations.inbox import Inbox
from conversations.runner import TurnRunner
from conversations.wording import Wording
from notifications.consent import ConsentBook
from notifications.delivery import DeliveryRunner
from notifications.outbox import MessageOutbox
from notifications.providers.whatsapp import WhatsAppProvider
from notifications.receipts import ReceiptBook
from server.settings import Settings
from storage.database import Database, open_database
from storage.wakeup import LocalWakeup, PostgresWakeup, Wakeup

BESIDE_CONNECTIONS = 50
"""Connections for read marks and health checks."""


def utc_now() -> datetime:
    """The clock of the server."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Transports:
    """How requests leave: apart for turns, sends and the rest, so that none waits for another's connections."""

    bot: Transport
    whatsapp: Transport
    beside: Transport

    async def close(self) -> None:
        """Close every connection."""
        for transport in (self.bot, self.whatsapp, self.beside):
            await transport.aclose()


@dataclass(slots=True)
class Parts:
    """Everything a process of the server runs on. Make it inside the event loop, close it there."""

    settings: Settings
    database: Database
    wakeup: Wakeup
    inbox: Inbox
    turns: TurnRunner
    delivery: DeliveryRunner
    bot: Bot
    transports: Transports

    async def close(self) -> None:
        """Let go of every connection."""
        await self.wakeup.close()
        await self.transports.close()
        await self.database.close()


def build(settings: Settings, transports: Transports | None = None) -> Parts:
    """Wire the parts. Connects to nothing yet but the database's notifications."""
    out = transports or _network(settings)
    database = open_database(settings.database)
    wakeup: Wakeup = LocalWakeup() if settings.is_on_sqlite else PostgresWakeup(database.url)
    outbox, wording = MessageOutbox(), Wording()
    bot = Bot(out.bot, settings.bot_url, settings.relais_secret.get_secret_value())
    return Parts(
        settings=settings,
        database=database,
        wakeup=wakeup,
        inbox=Inbox(outbox, ConsentBook(), ReceiptBook(), wording),
        turns=TurnRunner(
            database=database,
            wakeup=wakeup,
            bot=bot,
            reader=_whatsapp(settings, out.beside),
            outbox=outbox,
            wording=wording,
            clock=utc_now,
            concurrency=settings.turn_concurrency,
        ),
        delivery=DeliveryRunner(
            database=database,
            wakeup=wakeup,
            provider=WhatsAppProvider(_whatsapp(settings, out.whatsapp)),
            clock=utc_now,
            concurrency=settings.send_concurrency,
        ),
        bot=bot,
        transports=out,
    )


def _network(settings: Settings) -> Transports:
    return Transports(
        bot=AiohttpTransport(limit=settings.turn_concurrency),
        whatsapp=AiohttpTransport(limit=settings.send_concurrency),
        beside=AiohttpTransport(limit=BESIDE_CONNECTIONS),
    )


def _whatsapp(settings: Settings, transport: Transport) -> WhatsAppClient:
    return WhatsAppClient(
        transport,
        settings.whatsapp_base_url,
        settings.whatsapp_api_version,
        settings.whatsapp_token.get_secret_value(),
    )
