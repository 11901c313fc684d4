"""Files that people see, hear or keep: each is fetched by Meta from a link, or was uploaded and has an id."""

from dataclasses import dataclass, field, fields
from typing import Any, Self

from channels.invalid import InvalidMessage
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.limits import MAX_CAPTION
from channels.whatsapp.messages.checks import check_link, check_optional, check_trimmed


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    link: str | None = field(default=None, repr=False)
    id: str | None = None  # of an upload

    def __post_init__(self) -> None:
        kind = type(self).__name__
        if (self.link is None) == (self.id is None):
            raise InvalidMessage(f"{kind}.link", "and an id are both there or both missing; give one of the two")
        if self.link is not None:
            check_link(f"{kind}.link", self.link)
        if self.id is not None:
            check_trimmed(f"{kind}.id", self.id)

    def content(self) -> dict[str, Any]:
        members = ((member.name, getattr(self, member.name)) for member in fields(self))
        return {name: member for name, member in members if member}

    def typed_content(self) -> dict[str, Any]:
        """As it stands in a header."""
        kind = type(self).__name__.lower()
        return {"type": kind, kind: self.content()}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(**_read_source(content))


@dataclass(frozen=True, slots=True, kw_only=True)
class _CaptionedFile(_File):
    caption: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        _File.__post_init__(self)
        check_optional(f"{type(self).__name__}.caption", self.caption, MAX_CAPTION)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(**_read_source(content), caption=content.optional_string("caption"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(_CaptionedFile):
    """JPEG or PNG."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(_CaptionedFile):
    """MP4 or 3GP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(_CaptionedFile):
    """A file to keep; `filename` is what people see, and its ending chooses the icon."""

    filename: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        _CaptionedFile.__post_init__(self)
        check_optional("Document.filename", self.filename)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        caption, filename = content.optional_string("caption"), content.optional_string("filename")
        return cls(**_read_source(content), caption=caption, filename=filename)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio(_File):
    """A sound; as a `voice` note, which must be Opus in Ogg, it looks like one that we recorded."""

    voice: bool = False

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(**_read_source(content), voice=content.flag("voice"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker(_File):
    """WebP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gif(_File):
    """A short film without sound that plays by itself, as the header of a template alone."""


def _read_source(content: JsonObject) -> dict[str, str | None]:
    return {"link": content.optional_string("link"), "id": content.optional_string("id")}
