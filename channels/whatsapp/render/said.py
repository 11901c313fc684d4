"""What a Rasa response says, read and ready to be given a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.whatsapp.messages import Audio, Document, Image, Message, Video

Media = Image | Video | Document
"""What can stand above a text; a sound cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to choose, which comes back as its payload; `name` is its path in the response."""

    name: str
    title: str = field(repr=False)
    payload: str = field(repr=False)
    description: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A button that opens a page."""

    name: str
    title: str = field(repr=False)
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStyle:
    """What `custom: {"list": …}` asks for: the words on the button that opens the list, the line above the text."""

    button: str | None
    header: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A text with what belongs to it, to be said in one message if possible."""

    text: str = field(default="", repr=False)
    media: Media | None = None
    options: Sequence[Option] = ()
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One of several things that are alike, such as products."""

    name: str
    title: str = field(repr=False)
    subtitle: str | None = field(repr=False)
    picture: Image | None
    options: Sequence[Option]
    links: Sequence[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    part: Part
    elements: Sequence[Element]
    list_style: ListStyle | None
    after: Message | None
    """A file that has no place above the text."""
    custom: Mapping[str, Any] | None
    """A payload of ours."""


File = Media | Audio
