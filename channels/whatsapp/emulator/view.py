"""Turns chats and messages into HTML: the Jinja environment, its filters, and the pieces sent live."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels.whatsapp.emulator import markup
from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.directory import Number
from channels.whatsapp.emulator.labels import Labels
from channels.whatsapp.emulator.numbers import readable
from channels.whatsapp.emulator.parts import Parts
from channels.whatsapp.emulator.summary import one_line

TEMPLATES = Path(__file__).with_name("templates")
HUES = 8  # avatar colours in phone.css
WAVE_BARS = 32
SHOWN_PHONES = 200  # in the list
SHOWN_MESSAGES = 300  # of a chat, when the page is opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A message as the page shows it."""

    message: Message
    quoted: Message | None
    day: date  # on this machine's clock


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

    def entries(self, messages: Iterable[Message]) -> list[Entry]:
        return list(self._entries(messages))

    def latest(self, chat: Chat) -> list[Entry]:
        return self.entries(self._parts.chats.messages(chat, latest=SHOWN_MESSAGES))

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

    def _entries(self, messages: Iterable[Message]) -> Iterator[Entry]:
        for message in messages:
            context = message.context_wamid
            yield Entry(
                message=message,
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
    environment.filters |= {
        "markup": markup.render,
        "few_emoji": markup.is_few_emoji,
        "one_line": one_line,
        "readable": readable,
        "initials": _initials,
        "hue": _hue,
        "time": _time,
        "day": _day,
        "wave": _wave,
        "pretty": _pretty,
    }
    return environment


def _initials(name: str) -> str:
    letters = [part[0] for part in name.split() if part[0].isalnum()]
    return "".join(letters[:2]).upper() or "#"


def _hue(name: str) -> int:
    return hashlib.sha256(name.encode()).digest()[0] % HUES


def _time(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"


def _day(day: date, today: date, labels: Labels) -> str:
    names = {0: "today", 1: "yesterday"}
    age = (today - day).days
    return labels(names[age]) if age in names else format_date(day, "long", locale=labels.locale)


def _wave(seed: str) -> list[int]:
    """Bar heights of a voice note's picture: not its sound, but always the same for the same file."""
    return [4 + byte % 17 for byte in hashlib.sha256(seed.encode()).digest()[:WAVE_BARS]]


def _pretty(value: Any) -> str:
    return json.dumps(json.loads(value) if isinstance(value, str) else value, ensure_ascii=False, indent=2)
