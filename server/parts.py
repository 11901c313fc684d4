"""Builds the parts of the server from its settings and plugs them into each other."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import httpx

from backend import BackendClient
from channels.reqwest import ReqwestTransport
from channels.transport import AiohttpTransport, Transport
from channels.webhook import GuardedTransport
from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.graph import Graph, Tokens
from channels.whatsapp.management import Management
from conversations.bot import Bot
from conversations.handoffs import HandbackRunner
from conversations.inbox import Inbox
from conversations.merge import merge
from conversations.news import NewsDesk
from conversations.push_tokens import PushTokens
from conversations.review.runner import ReviewRunner
from conversations.runner import TurnRunner
from conversations.wording import Wording
from figures.runner import FiguresRunner
from notifications import numbers, templates
from notifications.account_watch import AccountWatch
from notifications.answers import AnswerBook
from notifications.consent import ConsentBook
from notifications.delivery import DeliveryRunner
from notifications.inbox.news import InboxNews, RedisNews, WakeupNews, arrived
from notifications.outages import Outages
from notifications.outbox import MessageOutbox
from notifications.plans.runner import PlanRunner
from notifications.providers import Provider
from notifications.providers.guest import GuestProvider
from notifications.providers.inapp import InAppProvider
from notifications.providers.routing import ProviderRouter
from notifications.providers.simulated import SimulatedProvider
from notifications.providers.sms import OVH
from notifications.providers.webhook import WebhookProvider
from notifications.providers.whatsapp import WhatsAppProvider
from notifications.rates import LocalRates, NoRates, Rates, SharedRates
from notifications.receipts import ReceiptBook
from notifications.report_rounds import ReportRounds
from notifications.topics.fanning_out import BroadcastRunner
from notifications.triggering import Tools, TriggerDesk
from server.handoff_news import HandoffNews
from server.intake import Intake
from server.media import MediaParts, build_media
from server.models.parts import Models, build_models
from server.personal import Eraser, PersonalDesk
from server.rehearsal import build_rehearsal
from server.senders import Senders
from server.settings import Settings
from server.template_files import template_folder
from server.tokens import tokens_of
from server.workflow_files import WorkflowFiles
from storage.database import Database, open_database
from storage.wakeup import LocalWakeup, PostgresWakeup, Wakeup

BESIDE_CONNECTIONS = 50
"""Connections for read marks, health checks, and the files of messages."""

FOLLOWERS = (templates.follow, numbers.follow)
"""Who else takes news that WhatsApp brings."""


def utc_now() -> datetime:
    """The clock of the server."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Transports:
    """How requests leave: apart for turns, sends and the rest, so that none waits for another's connections."""

    bot: Transport
    whatsapp: Transport
    beside: Transport
    senders: Transport
    hooks: Transport
    """To addresses that businesses chose."""
    backend: httpx.AsyncClient

    async def close(self) -> None:
        """Close every connection."""
        for transport in (self.bot, self.whatsapp, self.beside, self.senders, self.hooks):
            await transport.aclose()
        await self.backend.aclose()


class Runner(Protocol):
    """Works until it is told to stop, then finishes what is under way."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(slots=True)
class Parts:
    """Everything a process of the server runs on. Make it inside the event loop, close it there."""

    settings: Settings
    database: Database
    wakeup: Wakeup
    news: InboxNews
    """Tells open in-app inboxes that something is new."""
    inbox: Inbox
    intake: Intake
    turns: TurnRunner
    review: ReviewRunner
    figures: FiguresRunner
    handbacks: HandbackRunner
    handoff_news: HandoffNews
    workflows: WorkflowFiles
    tools: Tools
    triggers: TriggerDesk
    plans: PlanRunner
    broadcasts: BroadcastRunner
    delivery: DeliveryRunner
    rehearsal: SimulatedProvider
    senders: Senders
    rounds: ReportRounds | None
    """Where somebody must be asked what became of messages."""
    watch: AccountWatch
    media: MediaParts
    personal: PersonalDesk
    eraser: Eraser
    bot: Bot
    models: Models
    backend: BackendClient
    transports: Transports

    @property
    def runners(self) -> tuple[Runner, ...]:
        """What a worker does side by side."""
        talking = (self.turns, self.handbacks, self.media.runner, self.review, self.figures, self.eraser)
        always = (*talking, self.delivery, self.plans, self.broadcasts, self.watch)
        return always if self.rounds is None else (*always, self.rounds)

    async def close(self) -> None:
        """Let go of every connection."""
        await self.models.close()
        await self.news.aclose()
        await self.wakeup.close()
        await self.media.close()
        await self.rehearsal.aclose()
        await self.senders.aclose()
        await self.transports.close()
        await self.database.close()


def build(settings: Settings, transports: Transports | None = None) -> Parts:
    """Wire the parts. Connects to nothing yet but the database's notifications."""
    out = transports or _network(settings)
    database = open_database(settings.database)
    wakeup: Wakeup = LocalWakeup() if settings.is_on_sqlite else PostgresWakeup(database.url)
    news = _news(settings, wakeup)
    outbox, wording, handoff_news = MessageOutbox(), Wording(), HandoffNews()
    workflows = WorkflowFiles(settings.workflows_dir)
    tools = Tools(workflows=workflows, tokens=PushTokens(), merge=merge)
    tokens = tokens_of(settings)
    beside, sending = _graphs(settings, out, tokens)
    media = build_media(settings, database=database, wakeup=wakeup, graph=beside, tokens=tokens, clock=utc_now)
    senders = Senders(settings, out.senders)
    whatsapp = WhatsAppProvider(WhatsAppClient(sending), media.uploads)
    hooks = WebhookProvider(out.hooks, database, settings.relais_secret.get_secret_value(), utc_now)
    inbox = build_inbox()
    rehearsal = build_rehearsal(database, wakeup, utc_now)
    outages = Outages(time.monotonic)
    providers: list[Provider] = [whatsapp, hooks, InAppProvider(), GuestProvider(), *senders.providers]
    bot = Bot(out.bot, settings.bot_url, settings.relais_secret.get_secret_value())
    backend = BackendClient(out.backend, settings.backend_url, settings.backend_token.get_secret_value())
    return Parts(
        settings=settings,
        database=database,
        wakeup=wakeup,
        news=news,
        inbox=inbox,
        intake=Intake(database, inbox, wakeup, utc_now),
        turns=TurnRunner(
            database=database,
            wakeup=wakeup,
            bot=bot,
            reader=WhatsAppClient(beside),
            outbox=outbox,
            pushes=AnswerBook(),
            wording=wording,
            handoff_news=handoff_news,
            clock=utc_now,
            concurrency=settings.turn_concurrency,
            hears_voice=media.hears_voice,
        ),
        review=ReviewRunner(database=database, wakeup=wakeup),
        figures=FiguresRunner(database=database),
        handbacks=HandbackRunner(
            database=database, wakeup=wakeup, outbox=outbox, wording=wording, news=handoff_news, clock=utc_now
        ),
        handoff_news=handoff_news,
        workflows=workflows,
        tools=tools,
        triggers=TriggerDesk(database, wakeup, tools),
        broadcasts=BroadcastRunner(database=database, wakeup=wakeup, tools=tools),
        plans=PlanRunner(database=database, wakeup=wakeup, tokens=PushTokens(), clock=utc_now),
        delivery=DeliveryRunner(
            database=database,
            wakeup=wakeup,
            provider=ProviderRouter(providers, outages=outages),
            rehearsal=rehearsal,
            rates=_rates(settings),
            outages=outages,
            clock=utc_now,
            concurrency=settings.send_concurrency,
            settled=lambda ended: news.tell(arrived(ended)),
        ),
        rehearsal=rehearsal,
        senders=senders,
        rounds=_rounds(senders, database, wakeup),
        watch=AccountWatch(
            database=database,
            management=Management(beside),
            definitions=lambda business: template_folder(settings.templates_dir, business).definitions,
            clock=utc_now,
        ),
        media=media,
        personal=PersonalDesk(database=database, wakeup=wakeup, backend=backend, graph=beside),
        eraser=Eraser(database=database, wakeup=wakeup, bot=bot, files=media.files, clock=utc_now),
        bot=bot,
        models=build_models(settings, database, out.beside, utc_now),
        backend=backend,
        transports=out,
    )


def build_inbox() -> Inbox:
    """What keeps webhooks; it needs nothing but a database connection at each call."""
    outbox, consents = MessageOutbox(), ConsentBook()
    return Inbox(outbox, consents, ReceiptBook(), Wording(), NewsDesk(outbox, consents, FOLLOWERS))


def _network(settings: Settings) -> Transports:
    return Transports(
        bot=AiohttpTransport(limit=settings.turn_concurrency),
        whatsapp=ReqwestTransport(limit=settings.send_concurrency),
        beside=AiohttpTransport(limit=BESIDE_CONNECTIONS),
        senders=AiohttpTransport(limit=settings.send_concurrency),
        hooks=GuardedTransport(allow_private=settings.webhooks_to_private_addresses),
        # Given up before the other end closes it: uvicorn does after 5 s.
        backend=httpx.AsyncClient(trust_env=False, limits=httpx.Limits(keepalive_expiry=2.0)),
    )


def _graphs(settings: Settings, out: Transports, tokens: Tokens) -> tuple[Graph, Graph]:
    """The door to WhatsApp for what is done beside sending, and for sending; both with the same tokens."""
    beside, sending = (
        Graph(transport, settings.whatsapp_base_url, settings.whatsapp_api_version, tokens)
        for transport in (out.beside, out.whatsapp)
    )
    return beside, sending


def _rounds(senders: Senders, database: Database, wakeup: Wakeup) -> ReportRounds | None:
    """OVH's own calls are not signed, so OVH is asked."""
    if senders.ovh is None:
        return None
    return ReportRounds(
        provider=OVH, asks=senders.ovh, database=database, wakeup=wakeup, clock=utc_now, steady=time.monotonic
    )


def _news(settings: Settings, wakeup: Wakeup) -> InboxNews:
    url = settings.redis_url.get_secret_value()
    return RedisNews(url) if url else WakeupNews(wakeup)


def _rates(settings: Settings) -> Rates:
    if settings.whatsapp_rates == "off":
        return NoRates()
    url = settings.redis_url.get_secret_value()
    return SharedRates(url) if url else LocalRates(time.monotonic)
