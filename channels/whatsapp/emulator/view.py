"""Turns chats and messages into HTML: the Jinja environment, its filters, and the pieces sent live."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.corrections import Look, look_of, target_of
from channels.whatsapp.emulator.directory import Number
from channels.whatsapp.emulator.labels import Labels
from channels.whatsapp.emulator.page_filters import FILTERS
from channels.whatsapp.emulator.parts import Parts
from channels.whatsapp.emulator.phone import FORWARDABLE
from channels.whatsapp.emulator.shelf import Offer

TEMPLATES = Path(__file__).with_name("templates")
SHOWN_PHONES = 200  # in the list
SHOWN_MESSAGES = 300  # of a chat, when the page is opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A message as the page shows it."""

    message: Message
    look: Look
    quoted: Message | None
    offer: Offer | None  # what one can order from it
    day: date  # on this machine's clock

    @property
    def version(self) -> str:
        """Another one when more than ticks and emoji has changed."""
        return "deleted" if self.look.revoked else hashlib.sha256(repr(self.look.payload).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A chat in the list of phones."""

    chat: Chat
    number: Number
    last: Message | None
    unread: int


class View:
    def __init__(self, parts: Parts, labels: Labels) -> None:
        self._parts = parts
        self._labels = labels
        self._templates = _environment()

    def render(self, template: str, **values: object) -> str:
        now = self._parts.clock().astimezone()
        return self._templates.get_template(template).render(
            t=self._labels,
            locale=self._labels.locale,
            today=now.date(),
            numbers=self._parts.directory.numbers,
            people=self._parts.directory.people,
            places=self._parts.directory.places,
            shelf=self._parts.shelf,
            forwardable=FORWARDABLE,
            **values,
        )

    def row(self, chat: Chat) -> Row:
        latest = self._parts.chats.messages(chat, latest=1)
        return Row(
            chat=chat,
            number=self._parts.directory.numbers[chat.phone_number_id],
            last=latest[0] if latest else None,
            unread=self._parts.chats.count_unread(chat),
        )

    def rows(self) -> list[Row]:
        """Chats with a business that still exists, the ones spoken in last on top, the silent ones as they came."""
        rows = [self.row(chat) for chat in self._parts.chats.recent(SHOWN_PHONES) if self.knows(chat)]
        return sorted(rows, key=lambda row: (-(row.last.id if row.last else 0), row.chat.id))

    def knows(self, chat: Chat) -> bool:
        return chat.phone_number_id in self._parts.directory.numbers

    def entries(self, chat: Chat, messages: Iterable[Message]) -> list[Entry]:
        return list(self._entries(chat, messages))

    def latest(self, chat: Chat) -> list[Entry]:
        return self.entries(chat, self._parts.chats.messages(chat, latest=SHOWN_MESSAGES))

    def typing_seconds(self, chat: Chat) -> float:
        return max(0.0, (chat.typing_until_at - self._parts.clock()).total_seconds())

    def notice(self) -> str:
        """What keeps webhooks from arriving, in a sentence; empty when nothing does."""
        line, waiting = self._parts.delivery.line, self._parts.queue.waiting()
        url = self._parts.settings.emulator_webhook_url
        if line.reachable is False and waiting:
            return self._labels("server_away", url=url, count=waiting)
        if line.problem and waiting:
            return self._labels("server_refuses", url=url, problem=line.problem, count=waiting)
        return self._labels("not_verified") if line.verified is False else ""

    def _entries(self, chat: Chat, messages: Iterable[Message]) -> Iterator[Entry]:
        for message in messages:
            if target_of(message.payload):
                continue  # seen on the message it is about
            context = message.context_wamid
            look = look_of(message, self._parts.chats.remarks(message))
            yield Entry(
                message=message,
                look=look,
                offer=self._parts.shelf.offer(look.payload, chat.phone_number_id),
                quoted=self._parts.chats.by_wamid(context) if context else None,
                day=message.at.astimezone().date(),
            )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    return environment
