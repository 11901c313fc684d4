"""What a person can send from a phone, as the messages WhatsApp makes of it. Pure.

PhoneProblem    a person could not do this; the text says why
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from channels.whatsapp.emulator.media import StoredMedia

TEXT_BODY = 4096  # characters one can type in one message
CAPTION = 1024
FORWARDABLE = ("text", "image", "video", "audio", "document", "sticker", "location", "contacts")

type Payload = dict[str, Any]
type FileKind = Literal["image", "video", "audio", "document", "sticker"]


class PhoneProblem(ValueError):
    """What a phone would not let its owner do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Somebody one can share; `wa_id` is None for a number that is not on WhatsApp."""

    name: str
    phone: str
    wa_id: str | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ad:
    """The advertisement a person tapped before writing, as `referral` tells of it."""

    source_url: str = "https://fb.me/3example"
    source_id: str = "120200000000000001"
    source_type: Literal["ad", "post"] = "ad"
    headline: str = "Livré en une heure"
    body: str = "Vos repas préférés, partout en ville. Écrivez-nous !"
    media_type: Literal["image", "video"] = "image"
    image_url: str = "http://127.0.0.1:8090/photos/poulet-mayo.jpg"
    ctwa_clid: str = "Afe1xample"
    welcome: str = "Bonjour ! Que pouvons-nous faire pour vous ?"


def text(body: str) -> Payload:
    return {"type": "text", "text": {"body": typed(body)}}


def typed(body: str) -> str:
    """What was typed, as it is sent; raises PhoneProblem when there is nothing in it, or too much."""
    body = body.strip().replace("\r\n", "\n")
    if not body:
        raise PhoneProblem("An empty message cannot be sent.")
    if len(body) > TEXT_BODY:
        raise PhoneProblem(f"A message has at most {TEXT_BODY} characters.")
    return body


def location(latitude: float, longitude: float, name: str | None, address: str | None) -> Payload:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise PhoneProblem("There is no such place on earth.")
    place: Payload = {"latitude": latitude, "longitude": longitude}
    place |= {key: value for key, value in (("name", name), ("address", address)) if value}
    return {"type": "location", "location": place}


def file(kind: FileKind, media: StoredMedia, *, caption: str | None = None, voice: bool = True) -> Payload:
    """A photo, film, sound, document or sticker. Only the first, second and fourth can have words."""
    about: Payload = {"mime_type": media.mime_type, "sha256": media.sha256, "id": media.id}
    if kind in ("image", "video", "document") and caption:
        if len(caption) > CAPTION:
            raise PhoneProblem(f"The words under a file have at most {CAPTION} characters.")
        about = {"caption": caption, **about}
    if kind == "document":
        about = {**about, "filename": media.file_name or "document"}
    if kind == "audio":
        about["voice"] = voice
    if kind == "sticker":
        about["animated"] = b"ANIM" in media.content[:64]
    return {"type": kind, kind: about}


def contacts(cards: list[Card], *, asked_for: bool) -> Payload:
    """Cards; `asked_for` when the person answers the business's request with their own."""
    if not cards:
        raise PhoneProblem("Choose somebody to share.")
    origin = "contact_request" if asked_for else "other"
    return {"type": "contacts", "contacts": [_card(card) for card in cards], "origin": origin}


def unsupported(kind: str) -> Payload:
    """Something the Cloud API does not pass on, such as a poll."""
    problem = {
        "code": 131051,
        "title": "Message type unknown",
        "message": "Message type unknown",
        "error_data": {"details": "Message type is currently not supported."},
    }
    return {"type": "unsupported", "errors": [problem], "unsupported": {"type": kind}}


def forwarded(payload: Mapping[str, Any], *, often: bool = False) -> Payload:
    """The same, passed on from another chat: it answers nothing and comes from no ad."""
    kept = {key: value for key, value in payload.items() if key not in ("context", "referral", "origin")}
    return {**kept, "context": {"frequently_forwarded" if often else "forwarded": True}}


def from_ad(payload: Payload, ad: Ad) -> Payload:
    about = asdict(ad)
    return {"referral": {**about, "welcome_message": {"text": about.pop("welcome")}}, **payload}


def about_product(payload: Payload, catalog_id: str, retailer_id: str) -> Payload:
    """The same, written from a product's page."""
    return {
        **payload,
        "context": {"referred_product": {"catalog_id": catalog_id, "product_retailer_id": retailer_id}},
    }


def _card(card: Card) -> Payload:
    first, _, last = card.name.partition(" ")
    name = {"formatted_name": card.name, "first_name": first, **({"last_name": last} if last else {})}
    phone = {"phone": card.phone, **({"wa_id": card.wa_id} if card.wa_id else {}), "type": "CELL"}
    company = {"org": {"company": card.company}} if card.company else {}
    return {"name": name, "phones": [phone], **company, "vcard": _vcard(card, first, last)}


def _vcard(card: Card, first: str, last: str) -> str:
    known = f";waid={card.wa_id}" if card.wa_id else ""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{_quoted(last)};{_quoted(first)};;;", f"FN:{_quoted(card.name)}"]
    lines += [f"ORG:{_quoted(card.company)}"] if card.company else []
    return "\n".join([*lines, f"TEL;type=CELL{known}:{card.phone}", "END:VCARD"])


def _quoted(value: str) -> str:
    """RFC 6350 §3.4: what would end a property or a part of it is escaped."""
    for sign in ("\\", ";", ","):
        value = value.replace(sign, "\\" + sign)
    return value.replace("\r", "").replace("\n", "\\n")
