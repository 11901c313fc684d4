"""The emulator's parts, put together once by the app factory and found by every route."""

from dataclasses import dataclass

import httpx
from fastapi import Request

from channels.whatsapp.emulator.account_facts import AccountFacts
from channels.whatsapp.emulator.chats import Chats
from channels.whatsapp.emulator.clock import AdjustableClock, Clock
from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.delivery import Delivery
from channels.whatsapp.emulator.directory import Directory, read_directory
from channels.whatsapp.emulator.faults import Faults
from channels.whatsapp.emulator.feed import Feed
from channels.whatsapp.emulator.media import Media
from channels.whatsapp.emulator.media_links import MediaLinks
from channels.whatsapp.emulator.message_templates.store import Templates
from channels.whatsapp.emulator.outgoing import Outgoing
from channels.whatsapp.emulator.policy import PolicyHolder
from channels.whatsapp.emulator.rates import Rates
from channels.whatsapp.emulator.receipts import Receipts
from channels.whatsapp.emulator.request_log import RequestLog
from channels.whatsapp.emulator.settings import LOOPBACK, EmulatorSettings
from channels.whatsapp.emulator.shelf import Shelf, read_shelf
from channels.whatsapp.emulator.switchboard import Switchboard
from channels.whatsapp.emulator.uploads import Uploads
from channels.whatsapp.emulator.webhook_queue import WebhookQueue
from channels.whatsapp.emulator.webhook_rules import WebhookRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    settings: EmulatorSettings
    directory: Directory
    shelf: Shelf
    clock: AdjustableClock
    database: Database
    chats: Chats
    media: Media
    uploads: Uploads
    templates: Templates
    policy: PolicyHolder
    rates: Rates
    links: MediaLinks
    facts: AccountFacts
    queue: WebhookQueue
    webhook_rules: WebhookRules
    outgoing: Outgoing
    receipts: Receipts
    requests: RequestLog
    faults: Faults
    feed: Feed
    switchboard: Switchboard
    delivery: Delivery


def put_together(
    settings: EmulatorSettings, base_clock: Clock, to_server: httpx.AsyncBaseTransport | None = None
) -> Parts:
    clock = AdjustableClock(base_clock)
    directory = read_directory(settings.business_file)
    database = Database(settings.database_file)
    chats, queue, feed = Chats(database, directory), WebhookQueue(database), Feed()
    facts, webhook_rules = AccountFacts(database), WebhookRules()
    links = MediaLinks(clock, f"http://{LOOPBACK}:{settings.emulator_port}")
    outgoing = Outgoing(database, queue, facts, webhook_rules, clock)
    receipts = Receipts(database, chats, directory, outgoing, clock)
    return Parts(
        settings=settings,
        directory=directory,
        shelf=read_shelf(settings.emulator_catalogue),
        clock=clock,
        database=database,
        chats=chats,
        media=Media(database, clock),
        uploads=Uploads(database),
        templates=Templates(database, directory, settings.emulator_templates),
        policy=PolicyHolder(settings.policy),
        rates=Rates(),
        links=links,
        facts=facts,
        queue=queue,
        webhook_rules=webhook_rules,
        outgoing=outgoing,
        receipts=receipts,
        requests=RequestLog(database),
        faults=Faults(),
        feed=feed,
        switchboard=Switchboard(database, chats, directory, outgoing, receipts, links, feed, clock),
        delivery=Delivery(settings, database, chats, queue, feed, clock, (receipts, outgoing), to_server),
    )


def parts_of(request: Request) -> Parts:
    parts = request.app.state.parts
    if not isinstance(parts, Parts):
        raise TypeError("the app was not made by create_app")
    return parts
