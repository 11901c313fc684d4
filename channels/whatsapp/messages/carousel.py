"""Cards side by side, each with a picture or a film, words, and either buttons that answer or one that opens a page.

Meta's guide to them is stricter than the clients that send them; this holds to the guide.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from channels.invalid import InvalidMessage
from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages.buttons import Button
from channels.whatsapp.messages.checks import (
    check_count,
    check_link,
    check_optional,
    check_trimmed,
    check_unique,
)
from channels.whatsapp.messages.cta_url import link_action, read_link_action
from channels.whatsapp.messages.frame import (
    check_frame,
    framed,
    header_content,
    read_body,
    read_header,
    read_optional_body,
)
from channels.whatsapp.messages.media import Image, Video

CARD: Final = "cta_url"
"""The type of every card, also of one whose buttons answer; so Meta wants it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLink:
    title: str = field(repr=False)
    url: str = field(repr=False)

    def __post_init__(self) -> None:
        check_trimmed("CardLink.title", self.title, limits.MAX_CTA_TITLE)
        check_link("CardLink.url", self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card with `buttons` or a `link`. Meta documents pictures by link alone, none by id."""

    header: Image | Video = field(repr=False)
    body: str | None = field(default=None, repr=False)
    buttons: tuple[Button, ...] = ()
    link: CardLink | None = None

    def __post_init__(self) -> None:
        if self.header.link is None:
            raise InvalidMessage("Card.header", "is an upload; a card takes a link")
        if self.header.caption is not None:
            raise InvalidMessage("Card.header", "has a caption; the body is its caption")
        check_optional("Card.body", self.body, limits.MAX_CARD_BODY)
        if self.body is not None and self.body.count("\n") > limits.MAX_CARD_LINE_BREAKS:
            raise InvalidMessage("Card.body", f"has more than {limits.MAX_CARD_LINE_BREAKS} line breaks")
        if self.link is not None and self.buttons:
            raise InvalidMessage("Card.link", "stands beside buttons; a card has one or the other")
        if self.link is None:
            check_count("Card.buttons", self.buttons, limits.MAX_BUTTONS)
            check_unique("Card.buttons.title", (button.title for button in self.buttons))

    def content(self, index: int) -> dict[str, Any]:
        content: dict[str, Any] = {"card_index": index, "type": CARD, "header": header_content(self.header)}
        if self.body is not None:
            content["body"] = {"text": self.body}
        return {**content, "action": self._action()}

    def _action(self) -> dict[str, Any]:
        if self.link is not None:
            return link_action(self.link.title, self.link.url)
        replies = ({"id": button.id, "title": button.title} for button in self.buttons)
        return {"buttons": [{"type": "quick_reply", "quick_reply": reply} for reply in replies]}

    @classmethod
    def read(cls, content: JsonObject, index: int) -> Self:
        content.constant("type", CARD)
        if content.numeral("card_index") != index:
            raise WrongShape(content.path("card_index"), "is not the place of the card")
        header, action = read_header(content), content.nested("action")
        if not isinstance(header, Image | Video):
            raise WrongShape(content.path("header"), "is neither a picture nor a film")
        body = read_optional_body(content)
        if "buttons" in action:
            return cls(header=header, body=body, buttons=tuple(_read_reply(each) for each in action.each("buttons")))
        title, url = read_link_action(action)
        return cls(header=header, body=body, link=CardLink(title=title, url=url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Carousel:
    """A text and its cards, which all have the same kind of header, and as many buttons or a link."""

    body: str = field(repr=False)
    cards: tuple[Card, ...]

    def __post_init__(self) -> None:
        check_frame("Carousel", self.body)
        check_count("Carousel.cards", self.cards, limits.MAX_CARDS, least=limits.MIN_CARDS)
        if len({type(card.header) for card in self.cards}) > 1:
            raise InvalidMessage("Carousel.cards.header", "is a picture on one card and a film on another")
        if len({len(card.buttons) for card in self.cards}) > 1:
            raise InvalidMessage("Carousel.cards.buttons", "are not as many on every card")
        # A tap tells its id and not its card.
        check_unique("Carousel.cards.buttons.id", (button.id for card in self.cards for button in card.buttons))

    def content(self) -> dict[str, Any]:
        cards = [card.content(index) for index, card in enumerate(self.cards)]
        return framed("carousel", {"cards": cards}, self.body)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        cards = content.nested("action").each("cards")
        return cls(body=read_body(content), cards=tuple(Card.read(card, index) for index, card in enumerate(cards)))


def _read_reply(content: JsonObject) -> Button:
    content.constant("type", "quick_reply")
    reply = content.nested("quick_reply")
    return Button(id=reply.string("id"), title=reply.string("title"))
