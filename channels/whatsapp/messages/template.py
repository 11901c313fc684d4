"""A template that Meta approved, with what fills it: the only message that may go when the window is closed.

Only what is filled in travels; the words themselves are Meta's copy. Whether the values fit the template is known to
whoever has its definition, not here.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from channels.invalid import InvalidMessage
from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages.checks import check_count, check_text
from channels.whatsapp.messages.media import Image, Video
from channels.whatsapp.messages.template_buttons import TemplateButton
from channels.whatsapp.messages.template_parts import (
    ProductHeader,
    ReadParts,
    TemplateHeader,
    check_parts,
    components,
)
from channels.whatsapp.messages.template_values import Value, read_type

OFFER: Final = "limited_time_offer"
CARDS: Final = "carousel"

_NAME: Final = re.compile(r"[a-z0-9_]+")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCard:
    """One card of a template with several, filled as the template itself is."""

    header: Image | Video | ProductHeader = field(repr=False)
    body: tuple[Value, ...] = field(default=(), repr=False)
    buttons: tuple[TemplateButton, ...] = ()

    def __post_init__(self) -> None:
        check_parts("TemplateCard", self.header, self.body, self.buttons)

    def content(self, index: int) -> dict[str, Any]:
        return {"card_index": index, "components": components(self.header, self.body, self.buttons)}

    @classmethod
    def read(cls, content: JsonObject, index: int) -> Self:
        if content.numeral("card_index") != index:
            raise WrongShape(content.path("card_index"), "is not the place of the card")
        parts = ReadParts()
        for component in content.each("components"):
            parts.add(component)
        if not isinstance(parts.header, Image | Video | ProductHeader):
            raise WrongShape(content.path("components"), "begins with neither a picture, a film nor a product")
        return cls(header=parts.header, body=parts.body, buttons=parts.buttons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`body` holds the values in the order of the variables, or each with its variable's name."""

    name: str
    language: str  # exactly as approved: en is not en_US
    header: TemplateHeader | None = field(default=None, repr=False)
    body: tuple[Value, ...] = field(default=(), repr=False)
    offer_ends_at: datetime | None = None  # to the millisecond; of a template with an offer for a limited time
    buttons: tuple[TemplateButton, ...] = ()
    cards: tuple[TemplateCard, ...] = ()

    def __post_init__(self) -> None:
        check_text("Template.name", self.name, limits.MAX_TEMPLATE_NAME)
        if not _NAME.fullmatch(self.name):
            raise InvalidMessage("Template.name", "is not made of small letters, digits and underscores")
        check_text("Template.language", self.language)
        if not _LANGUAGE.fullmatch(self.language):
            raise InvalidMessage("Template.language", "is not a language such as fr or en_US")
        has_more = bool(self.cards) or self.offer_ends_at is not None
        check_parts("Template", self.header, self.body, self.buttons, has_more=has_more)
        if self.offer_ends_at is not None:
            _check_moment("Template.offer_ends_at", self.offer_ends_at)
        if self.cards:
            check_count("Template.cards", self.cards, limits.MAX_CARDS, least=limits.MIN_CARDS)

    def content(self) -> dict[str, Any]:
        filled = components(self.header, self.body, self.buttons)
        if self.offer_ends_at is not None:
            offer = {"expiration_time_ms": (self.offer_ends_at - _EPOCH) // _MILLISECOND}
            filled.append({"type": OFFER, "parameters": [{"type": OFFER, OFFER: offer}]})
        if self.cards:
            filled.append({"type": CARDS, "cards": [card.content(index) for index, card in enumerate(self.cards)]})
        given = {"components": filled} if filled else {}
        return {"name": self.name, "language": {"code": self.language}, **given}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        language = content.nested("language")
        if "policy" in language:
            # The only policy there is, and what goes without saying.
            language.constant("policy", "deterministic")
        parts, offers, cards = _read_components(content)
        return cls(
            name=content.string("name"),
            language=language.string("code"),
            header=parts.header,
            body=parts.body,
            offer_ends_at=_read_offer(offers) if offers else None,
            buttons=parts.buttons,
            cards=_read_cards(cards) if cards else (),
        )


def _read_components(content: JsonObject) -> tuple[ReadParts, JsonObject | None, JsonObject | None]:
    """What fills the template; its offer for a limited time; its cards."""
    parts, once = ReadParts(), dict[str, JsonObject]()
    for component in content.each("components") if "components" in content else []:
        kind = read_type(component)
        if kind in (OFFER, CARDS) and kind not in once:
            once[kind] = component
        else:
            parts.add(component)
    return parts, once.get(OFFER), once.get(CARDS)


def _read_offer(component: JsonObject) -> datetime:
    parameters = component.each("parameters")
    if len(parameters) != 1:
        raise WrongShape(component.path("parameters"), "does not hold exactly one")
    (parameter,) = parameters
    if read_type(parameter) != OFFER:
        raise WrongShape(parameter.path("type"), f"is not {OFFER}")
    offer = parameter.nested(OFFER)
    try:
        return _EPOCH + offer.numeral("expiration_time_ms") * _MILLISECOND
    except OverflowError:
        raise WrongShape(offer.path("expiration_time_ms"), "is no moment") from None


def _read_cards(component: JsonObject) -> tuple[TemplateCard, ...]:
    return tuple(TemplateCard.read(card, index) for index, card in enumerate(component.each("cards")))


def _check_moment(field: str, moment: datetime) -> None:
    if moment.tzinfo is None:
        raise InvalidMessage(field, "has no time zone")
    if moment < _EPOCH or moment.microsecond % 1000:
        raise InvalidMessage(field, "is before 1970 or holds a fraction of a millisecond")
