"""What the guest's page says: the talk as in a chat, a box to write in, and what becomes of it all."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels.guest import MAX_WORDS
from conversations.guests.links import FORGOTTEN_AFTER
from server.desk.talk.lines import Line
from server.guest.markup import dressed
from server.guest.reading import View
from server.tracking.page import LANGUAGES, WRITTEN_AS

CONTENT: Final = Path(__file__).parent / "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """The box to write in."""

    key: str
    """What the page calls the next message, so that sending it twice says it once."""
    text: str = field(default="", repr=False)
    problem: str = ""
    """Why it was not sent: empty or long."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The talk alone, and what tells it from a later one."""

    html: str = field(repr=False)
    version: str


def chat_page(view: View, token: str, composer: Composer, locale: str) -> str:
    """The whole page."""
    forgotten = _day(view.link.closes_at + FORGOTTEN_AFTER, view.timezone, locale)
    return _fill(
        "chat.html",
        locale,
        **_talk(view, token, locale),
        business=view.business,
        composer=composer,
        most=MAX_WORDS,
        other_locale=next(each for each in LANGUAGES if each != locale),
        forgotten=forgotten,
    )


def talk_piece(view: View, token: str, locale: str) -> Piece:
    """What was said."""
    told = _talk(view, token, locale)
    return Piece(_fill("talk.html", locale, **told), told["version"])


def turned_page(why: str, locale: str) -> str:
    """For a link that leads nowhere or has ended, and whoever cannot be let in."""
    words = _words(locale)["turned"][why]
    return _fill("turned.html", locale, sign=words["sign"], title=words["title"], text=words["text"])


def _talk(view: View, token: str, locale: str) -> dict[str, Any]:
    lines = [_line(line, view.timezone, locale) for line in view.lines]
    told = {"lines": lines, "view": view, "address": f"/g/{token}", "version": ""}
    html = _fill("talk.html", locale, **told)
    return {**told, "version": hashlib.sha256(html.encode()).hexdigest()[:16]}


def _line(line: Line, timezone: str, locale: str) -> dict[str, Any]:
    sent = line.sent
    author = (line.author or "").split()
    is_agent = sent is not None and sent.origin == "agent"
    return {
        "id": sent.id if sent else "",
        "is_ours": sent is not None,
        "author": (author[0] if author else _words(locale)["team"]) if is_agent else "",
        "bubble": line.bubble,
        "time": format_time(
            line.at.astimezone(ZoneInfo(timezone)), "short", tzinfo=ZoneInfo(timezone), locale=WRITTEN_AS[locale]
        ),
        "at": line.at.isoformat(timespec="seconds"),
    }


def _day(at: datetime, timezone: str, locale: str) -> str:
    return format_date(at.astimezone(ZoneInfo(timezone)), "d MMMM y", locale=WRITTEN_AS[locale])


def _fill(name: str, locale: str, **values: Any) -> str:
    return _environment().get_template(name).render(locale=locale, words=_words(locale), **values)


@cache
def _words(locale: str) -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((CONTENT / f"words.{locale}.yml").read_text(encoding="utf-8"))
    return words


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(CONTENT),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["dressed"] = dressed
    return made
