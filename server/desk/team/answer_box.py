"""What an agent answers with: words and files while the window is open, a template afterwards."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.templates.definition import Definition, TextHeader
from channels.whatsapp.templates.filling import preview
from conversations.sent_files import SentFile
from notifications.prices import estimate_message
from notifications.prices.files import our_price_book
from notifications.tables import templates
from server.desk.page import Desk
from server.desk.team.reading import Talk
from server.desk.visit import Visit
from server.template_files import template_folder
from storage.tables import addresses, businesses, phone_numbers
from trade.money import Money

APPROVED: Final = "APPROVED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An approved template that an agent may fill in."""

    definition: Definition
    category: str
    """As Meta counts it: utility or marketing."""
    price: Money | None
    """What it costs, as far as the price book knows."""

    @property
    def name(self) -> str:
        return self.definition.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wrote and could not send: it is not lost."""

    text: str = field(default="", repr=False)
    files: Sequence[SentFile] = ()
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    problem: str = ""
    """Why not, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBox:
    """The box as it is shown."""

    draft: Draft
    offers: Sequence[Offer] = ()
    chosen: Offer | None = None
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of the chosen template's variables: what was typed, else what is known."""

    @property
    def preview(self) -> str:
        """How the chosen template reads; what is missing stands in braces."""
        if self.chosen is None:
            return ""
        return preview(self.chosen.definition, {name: value for name, value in self.values.items() if value})


async def answer_box(desk: Desk, visit: Visit, talk: Talk, draft: Draft | None = None) -> AnswerBox:
    """The box for this talk. Templates are looked for where nothing else may be sent."""
    draft = draft or Draft()
    if talk.open_until is not None or not talk.is_of(visit.member.id):
        return AnswerBox(draft=draft)
    slug = visit.houses[talk.business_id].slug
    folder = await asyncio.to_thread(template_folder, desk.parts.settings.templates_dir, slug)
    offers = await desk.parts.database.read(_offers, talk, folder.definitions, visit.now)
    chosen = next((each for each in offers if each.name == draft.template), None)
    known = talk.values(visit.member.name)
    known["code"] = known["delivery"] or known["order"]
    values = {
        name: draft.values.get(name) or known.get(name) or ""
        for name in (chosen.definition.variables if chosen else ())
    }
    return AnswerBox(draft=draft, offers=offers, chosen=chosen, values=values)


def _offers(connection: Connection, talk: Talk, definitions: Sequence[Definition], now: datetime) -> Sequence[Offer]:
    """The approved ones that words alone fill, each in the person's language where it has it."""
    approved = _approved(connection, talk.phone_number_id)
    country = _country(connection, talk)
    book = our_price_book()
    by_name: dict[str, list[Definition]] = {}
    for each in definitions:
        if (each.name, each.language) in approved and _is_filled_by_words(each):
            by_name.setdefault(each.name, []).append(each)
    found = []
    for name in sorted(by_name):
        chosen = _in_language(by_name[name], talk)
        category: Any = approved[chosen.name, chosen.language].lower()
        price = estimate_message(book, category, country, now.date(), window_open=False).price
        found.append(Offer(definition=chosen, category=category, price=price))
    return found


def _approved(connection: Connection, phone_number_id: str) -> dict[tuple[str, str], str]:
    """The categories of what Meta has approved for this number's account, by name and language."""
    t, p = templates.c, phone_numbers.c
    rows = connection.execute(
        sa.select(t.name, t.language, t.category)
        .join(phone_numbers, p.waba_id == t.waba_id)
        .where(p.phone_number_id == phone_number_id, t.status == APPROVED)
    )
    return {(row.name, row.language): row.category for row in rows}


def _is_filled_by_words(definition: Definition) -> bool:
    has_words = definition.header is None or isinstance(definition.header, TextHeader)
    return has_words and definition.category != "authentication"


def _in_language(several: Sequence[Definition], talk: Talk) -> Definition:
    named = {each.language: each for each in several}
    wished = (talk.language, (talk.language or "")[:2], talk.default_language, *named)
    return next(named[language] for language in wished if language in named)


def _country(connection: Connection, talk: Talk) -> str:
    """Whose prices hold: those of the person's number."""
    a, b = addresses.c, businesses.c
    phone = connection.scalar(
        sa.select(a.value).where(a.subscriber_id == talk.subscriber_id, a.kind.in_(("phone", "whatsapp"))).limit(1)
    )
    try:
        number = phonenumbers.parse(f"+{(phone or '').lstrip('+')}", None)
        region = phonenumbers.region_code_for_number(number)
    except phonenumbers.NumberParseException:
        region = None
    return region or str(connection.scalar(sa.select(b.country).where(b.id == talk.business_id)))
