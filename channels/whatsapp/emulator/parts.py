"""The emulator's parts, put together once by the app factory and found by every route."""

from dataclasses import dataclass

from fastapi import Request

from channels.whatsapp.emulator.chats import Chats
from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.delivery import Delivery
from channels.whatsapp.emulator.directory import Directory, read_directory
from channels.whatsapp.emulator.faults import Faults
from channels.whatsapp.emulator.feed import Feed
from channels.whatsapp.emulator.media import Media
from channels.whatsapp.emulator.request_log import RequestLog
from channels.whatsapp.emulator.settings import EmulatorSettings
from channels.whatsapp.emulator.switchboard import Clock, Switchboard
from channels.whatsapp.emulator.webhook_queue import WebhookQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    settings: EmulatorSettings
    directory: Directory
    clock: Clock
    database: Database
    chats: Chats
    media: Media
    queue: WebhookQueue
    requests: RequestLog
    faults: Faults
    feed: Feed
    switchboard: Switchboard
    delivery: Delivery


def put_together(settings: EmulatorSettings, clock: Clock) -> Parts:
    directory = read_directory(settings.business_file)
    database = Database(settings.database_file)
    chats, queue, feed = Chats(database), WebhookQueue(database), Feed()
    return Parts(
        settings=settings,
        directory=directory,
        clock=clock,
        database=database,
        chats=chats,
        media=Media(database),
        queue=queue,
        requests=RequestLog(database),
        faults=Faults(),
        feed=feed,
        switchboard=Switchboard(database, chats, queue, directory, feed, clock),
        delivery=Delivery(settings, database, chats, queue, feed, clock),
    )


def parts_of(request: Request) -> Parts:
    parts = request.app.state.parts
    if not isinstance(parts, Parts):
        raise TypeError("the app was not made by create_app")
    return parts
