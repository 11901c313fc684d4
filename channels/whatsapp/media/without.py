"""Says a message without its files: a picture's caption, buttons without the picture above, a carousel as a list."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from channels.whatsapp import limits
from channels.whatsapp.cutting import cut, cut_titles
from channels.whatsapp.media.hosts import is_showable
from channels.whatsapp.messages import (
    Audio,
    Button,
    Buttons,
    Card,
    Carousel,
    CtaUrl,
    Document,
    Flow,
    Image,
    InvalidMessage,
    List,
    Message,
    Row,
    Section,
    Text,
    Video,
    read_payload,
    to_payload,
)

_NAMES: Final = {Image: "picture", Video: "film", Audio: "sound", Document: "document"}
_HEADER_LEFT_OUT: Final = "The file above the text was left out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A payload without files, and what became of them, in words for `explain`."""

    payload: dict[str, Any] = field(repr=False)
    note: str


def without_media(payload: Mapping[str, Any], hidden: Collection[str] = ()) -> Plain | None:
    """The same in words; None where nothing is left to say, or where a template demands its file.

    A link is shown as text where it leads somewhere for a person, unless it is among the `hidden` ones. Taps on
    what replaces a carousel answer with the same ids.
    """
    try:
        message, reply_to = read_payload(payload)
        said = _without(message, hidden)
        return said and Plain(payload=to_payload(said[0], reply_to), note=said[1])
    except InvalidMessage:
        return None


def _without(message: Message, hidden: Collection[str]) -> tuple[Message, str] | None:
    match message:
        case Image() | Video() | Audio() | Document():
            return _as_text(message, hidden)
        case Buttons(header=Image() | Video() | Document()) | CtaUrl(header=Image() | Video() | Document()):
            return replace(message, header=None), _HEADER_LEFT_OUT
        case Flow(header=Image() | Video() | Document()):
            return replace(message, header=None), _HEADER_LEFT_OUT
        case Carousel():
            return _of_carousel(message)
        case _:
            return None


def _as_text(message: Image | Video | Audio | Document, hidden: Collection[str]) -> tuple[Message, str] | None:
    caption = None if isinstance(message, Audio) else message.caption
    shown = message.link if message.link and message.link not in hidden and is_showable(message.link) else None
    body = "\n".join(part for part in (caption, shown) if part)
    if not body:
        return None
    what = "its link" if shown else "its words alone"
    return Text(body=cut(body, limits.MAX_TEXT_BODY)), f"The {_NAMES[type(message)]} was left out; {what} went instead."


def _of_carousel(carousel: Carousel) -> tuple[Message, str]:
    buttons = [(card, button) for card in carousel.cards for button in card.buttons]
    if not buttons:
        return _cards_as_text(carousel), "The cards went as text, with their links."
    if len(buttons) > limits.MAX_ROWS:
        return _cards_as_list(carousel, [(card, card.buttons[0]) for card in carousel.cards]), (
            "The cards went as a list, each with its first button."
        )
    return _cards_as_list(carousel, buttons), "The cards went as a list."


def _cards_as_list(carousel: Carousel, choices: list[tuple[Card, Button]]) -> List:
    several = len(choices) > len(carousel.cards)
    names = [_first_line(card) or button.title for card, button in choices]
    titles = cut_titles(
        (f"{button.title}: {name}" if several else name for (_, button), name in zip(choices, names, strict=True)),
        limits.MAX_ROW_TITLE,
    )
    rows = tuple(
        Row(id=button.id, title=title, description=_described(card, several=several))
        for (card, button), title in zip(choices, titles, strict=True)
    )
    # The cards' own word for choosing, which is in the reader's language.
    label = cut(choices[0][1].title, limits.MAX_LIST_BUTTON)
    return List(body=carousel.body, button=label, sections=(Section(rows=rows),))


def _cards_as_text(carousel: Carousel) -> Text:
    parts = [carousel.body]
    for card in carousel.cards:
        link = f"{card.link.title}: {card.link.url}" if card.link else ""
        parts.append("\n".join(part for part in (card.body, link) if part))
    return Text(body=cut("\n\n".join(parts), limits.MAX_TEXT_BODY))


def _first_line(card: Card) -> str:
    return (card.body or "").strip().partition("\n")[0].strip(" *_~")


def _described(card: Card, *, several: bool) -> str | None:
    """What the title leaves out."""
    body = " ".join((card.body or "").split())
    rest = body if several else " ".join((card.body or "").strip().partition("\n")[2].split())
    if not rest and len(body) > limits.MAX_ROW_TITLE:
        rest = body
    return cut(rest, limits.MAX_ROW_DESCRIPTION) or None
