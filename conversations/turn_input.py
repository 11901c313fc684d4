"""What a turn is to answer, decided from what arrived; kept as JSON in `turns.input`."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from channels.whatsapp.webhook import (
    ButtonReply,
    CallPermissionReply,
    ContactCard,
    ContactsReceived,
    Content,
    EditReceived,
    FlowReply,
    ListReply,
    LocationReceived,
    MediaReceived,
    OrderItem,
    OrderReceived,
    OtherReceived,
    ReactionReceived,
    RevokeReceived,
    SystemReceived,
    TextReceived,
)

BOT_TEXT_LIMIT = 1000
"""Characters of a message the bot reads: its features grow with the text, and longer ones say nothing more."""

SILENT_KINDS = frozenset({"request_welcome", "ephemeral"})
"""Kinds WhatsApp once had that are no question."""

NO_MESSAGE = ReactionReceived | SystemReceived | EditReceived | RevokeReceived
"""What is about another message or about the person: kept, and nobody answers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Free text for the bot to understand."""

    text: str
    is_edited: bool = False
    """It was changed while it waited: the person may wonder which of the two is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A tapped button or list row: our token, and the title the person saw."""

    token: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A shared location, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody's card, of which anything may be missing: "" then. Of several cards in one message nothing is told."""

    name: str = ""
    phone: str = ""
    """As it stands on the card; in E.164 where WhatsApp knows the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A photo, film or document, and the words under it: "" where there are none."""

    caption: str = ""
    is_edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueCart:
    """A cart that was filled in WhatsApp's catalogue, and the words sent along: "" where there are none."""

    items: Sequence[Mapping[str, Any]]
    """One for each product: its `id`, the `quantity`, the `price` of one as WhatsApp showed it (a decimal number in a
    string) and its `currency`."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Something spoken, for the bot to understand once it is written down (see conversations.media)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """Something the bot cannot read: a text of the services answers it (see conversations/content)."""

    key: str


TurnInput = Words | Reply | Place | Contact | File | CatalogueCart | Voice | Canned
_KINDS: dict[str, type[TurnInput]] = {
    "words": Words,
    "reply": Reply,
    "place": Place,
    "contact": Contact,
    "file": File,
    "cart": CatalogueCart,
    "voice": Voice,
    "canned": Canned,
}


def decide(content: Content) -> TurnInput | None:
    """What answers this content; None when nobody does."""
    match content:
        case TextReceived(body=body):
            # An empty text would be classified as something, so it never reaches the bot.
            return words(body) or Canned(key="cannot_read")
        case ButtonReply(id=payload, title=title, from_template=True) if payload == title:
            # A template's button says its own words where nobody gave it a meaning.
            return Words(text=title)
        case ButtonReply(id=token, title=title) | ListReply(id=token, title=title):
            return Reply(token=token, title=title)
        case LocationReceived(latitude=latitude, longitude=longitude):
            return Place(latitude=latitude, longitude=longitude)
        case MediaReceived() | OrderReceived():
            return _with_words(content)
        case _ if is_silent(content) or isinstance(content, CallPermissionReply):
            return None
        case _:
            return _canned(content)


def words(text: str) -> Words | None:
    """What the bot reads of a text; None where nothing in it can be seen."""
    return Words(text=text.strip()[:BOT_TEXT_LIMIT]) if _is_visible(text) else None


def _read(text: str) -> str:
    """What the bot reads of it, "" where nothing can be seen."""
    said = words(text)
    return said.text if said else ""


def is_silent(content: Content) -> bool:
    """Whether this is no message to us: nobody answers it, and the service window stays as it was."""
    if isinstance(content, OtherReceived):
        return content.kind in SILENT_KINDS
    return isinstance(content, NO_MESSAGE)


def _with_words(content: MediaReceived | OrderReceived) -> TurnInput | None:
    """What words may come along with."""
    match content:
        case MediaReceived(kind="audio"):
            return Voice()
        case MediaReceived(kind="image" | "video" | "document", caption=caption):
            # What stands under a picture is what its sender wants.
            return File(caption=_read(caption or ""))
        case OrderReceived(items=items, text=text):
            return CatalogueCart(items=_items(items), note=_read(text))
        case _:
            return _canned(content)


def _canned(content: Content) -> TurnInput | None:
    """What the bot cannot read and the services answer."""
    match content:
        case MediaReceived(kind="sticker"):
            return None
        case MediaReceived():
            return Canned(key="media_kept")
        case ContactsReceived(is_own_number=True):
            return Canned(key="number_noted")
        case ContactsReceived(contacts=[card]):
            return _contact(card)
        case ContactsReceived():
            return Contact()
        case FlowReply():
            return Canned(key="form_kept")
        case _:
            return Canned(key="cannot_read")


def _contact(card: ContactCard) -> Contact:
    """The number that WhatsApp knows goes before the others: it is complete, and somebody answers it."""
    on_whatsapp = next((f"+{phone.wa_id}" for phone in card.phones if phone.wa_id), None)
    written = next((phone.phone for phone in card.phones if phone.phone), None)
    name = card.formatted_name or " ".join(filter(None, (card.first_name, card.last_name)))
    return Contact(name=_read(name), phone=_read(on_whatsapp or written or ""))


def _items(items: Sequence[OrderItem]) -> list[dict[str, Any]]:
    """Each product once, whatever the phone sent."""
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        shown = {"price": str(item.item_price), "currency": item.currency}
        known = found.setdefault(item.product_retailer_id, {"id": item.product_retailer_id, "quantity": 0, **shown})
        known["quantity"] += item.quantity
    return list(found.values())


def _is_visible(text: str) -> bool:
    """Whether a reader sees anything: blanks, control and format characters alone are no words."""
    return any(not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"} for char in text[:BOT_TEXT_LIMIT])


def to_json(turn_input: TurnInput) -> dict[str, Any]:
    kind = next(name for name, cls in _KINDS.items() if isinstance(turn_input, cls))
    return {"kind": kind, **asdict(turn_input)}


def from_json(document: Mapping[str, Any]) -> TurnInput:
    values = {key: value for key, value in document.items() if key != "kind"}
    return _KINDS[document["kind"]](**values)
