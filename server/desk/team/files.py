"""Files that an agent attaches: what WhatsApp takes, as what it takes it, and how words go with them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import PurePath
from typing import Final

from fastapi import UploadFile

from channels.whatsapp.limits import MAX_CAPTION
from channels.whatsapp.media.errors import MediaRefused
from channels.whatsapp.media.formats import HEAD_BYTES, MAX_BYTES, MEBIBYTE, SENDABLE, bare, sendable_type, sniff
from channels.whatsapp.media.pictures import CONVERTIBLE, to_jpeg
from channels.whatsapp.messages import Audio, Document, Image, Message, Text, Video
from conversations.sent_files import SentFile, key_of, link_of
from server.desk.team.reading import Talk
from storage.files import Files

MAX_FILES: Final = 10
"""With one answer. Our choice."""

KINDS: Final = ("image", "video", "audio", "document")


class BadFile(Exception):
    """A file cannot be sent. `problem` is type, large, empty or storage; `limit` is in MB."""

    def __init__(self, problem: str, filename: str, limit: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.filename = filename
        self.limit = limit


async def kept_file(files: Files, talk: Talk, member_id: str, upload: UploadFile) -> SentFile:
    """Look at a file and keep it as WhatsApp will take it. Raises BadFile, and FilesError."""
    name = PurePath((upload.filename or "").replace("\\", "/")).name
    head = await upload.read(HEAD_BYTES)
    if not head:
        raise BadFile("empty", name)
    kind = kind_of(upload.content_type, head)
    if kind is None:
        raise BadFile("type", name)
    limit = MAX_BYTES[kind]
    if (upload.size or 0) > limit:
        raise BadFile("large", name, limit // MEBIBYTE)
    content = head + await upload.read()
    try:
        if kind == "image" and sniff(head) in CONVERTIBLE:
            content, _ = await asyncio.to_thread(to_jpeg, content, str(sniff(head)))
            mime_type, name = "image/jpeg", f"{PurePath(name).stem}.jpg"
        else:
            mime_type = sendable_type(kind, upload.content_type, head)
    except MediaRefused:
        raise BadFile("type", name) from None
    file_id, key = key_of(talk.business_id)
    await files.write(key, _once(content))
    return SentFile(
        id=file_id,
        conversation_id=talk.id,
        member_id=member_id,
        kind=kind,
        mime_type=mime_type,
        filename=name or "file",
        size_bytes=len(content),
        storage_key=key,
    )


def kind_of(declared: str | None, head: bytes) -> str | None:
    """As what WhatsApp may take this; None where it takes it as nothing."""
    found, said = sniff(head), bare(declared)
    if found in SENDABLE["image"] or found in CONVERTIBLE:
        return "image"
    if found in SENDABLE["audio"] or (found == "video/mp4" and said == "audio/mp4"):
        return "audio"
    if found in SENDABLE["video"]:
        return "video"
    try:
        sendable_type("document", declared, head)
    except MediaRefused:
        return None
    return "document"


def messages_of(words: str, files: Sequence[SentFile]) -> list[Message]:
    """What is sent, in order: the words stand under the first file that takes them, else before all. Raises
    InvalidMessage."""
    bearer = next((each for each in files if each.kind != "audio"), None)
    stands_under = bearer is not None and 0 < len(words) <= MAX_CAPTION
    said: list[Message] = [Text(body=words)] if not files or (words and not stands_under) else []
    captions = {bearer.id: words} if bearer and stands_under else {}
    return [*said, *(_message(each, captions.get(each.id)) for each in files)]


def _message(file: SentFile, caption: str | None) -> Message:
    link = link_of(file.id)
    match file.kind:
        case "image":
            return Image(link=link, caption=caption)
        case "video":
            return Video(link=link, caption=caption)
        case "audio":
            return Audio(link=link)
        case _:
            return Document(link=link, caption=caption, filename=file.filename)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
