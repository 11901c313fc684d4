"""Files that a response names by an address: what kind they are, and how WhatsApp shows that kind."""

from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages import Audio, Document, Image, Text, Video
from channels.whatsapp.render.said import File

PICTURES: Final = frozenset([".jpg", ".jpeg", ".png"])
FILMS: Final = frozenset([".mp4", ".3gp", ".3gpp"])
SOUNDS: Final = frozenset([".aac", ".amr", ".mp3", ".m4a", ".ogg", ".opus"])
DOCUMENTS: Final = frozenset([".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".txt"])
"""Endings of what WhatsApp takes; a GIF, a WebP or a page is given as a link."""

VOICE_NOTES: Final = frozenset([".ogg", ".opus"])
"""The endings of Opus in Ogg, the only sound that WhatsApp shows as a voice note."""


def by_its_ending(link: str) -> File | Text:
    """What ends like no file WhatsApp shows is given as a link with its preview."""
    ending = _name(link).suffix.lower()
    if ending in PICTURES:
        return Image(link=link)
    if ending in FILMS:
        return Video(link=link)
    if ending in SOUNDS:
        return Audio(link=link, voice=ending in VOICE_NOTES)
    if ending in DOCUMENTS:
        return _document(link)
    return Text(body=link, preview_url=True)


def by_its_type(attachment: JsonObject) -> File:
    """Rasa's `{"type": "image", "payload": {"src": …}}`; Messenger says "url" for "src"."""
    kind, content = attachment.string("type"), attachment.nested("payload")
    link = content.string("src" if "src" in content else "url")
    content.ignore("is_reusable")
    match kind:
        case "image":
            return Image(link=link)
        case "video":
            return Video(link=link)
        case "audio" | "voice":
            return Audio(link=link, voice=kind == "voice" or _name(link).suffix.lower() in VOICE_NOTES)
        case "file" | "document":
            return _document(link)
        case _:
            raise WrongShape(attachment.path("type"), "is none of image, video, audio, voice, file, document, template")


def _document(link: str) -> Document:
    """Named as in its address, if that ends like a file."""
    name = _name(link)
    return Document(link=link, filename=name.name if name.suffix else None)


def _name(link: str) -> PurePosixPath:
    try:
        return PurePosixPath(unquote(urlsplit(link).path))
    except ValueError:  # an address in brackets that is none
        return PurePosixPath()
