"""What interactive messages share: a header above their text and a footer below it."""

from typing import Any

from channels.invalid import InvalidMessage
from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages.checks import check_optional, check_text
from channels.whatsapp.messages.media import Document, Image, Video

type Header = str | Image | Video | Document
"""A line of text, a picture, a film or a file."""


def check_frame(kind: str, body: str, header: Header | None = None, footer: str | None = None) -> None:
    check_text(f"{kind}.body", body, limits.MAX_INTERACTIVE_BODY)
    check_optional(f"{kind}.footer", footer, limits.MAX_FOOTER)
    if isinstance(header, Image | Video | Document):
        if header.caption is not None:
            raise InvalidMessage(f"{kind}.header", "has a caption; the body is its caption")
    else:
        check_optional(f"{kind}.header", header, limits.MAX_HEADER)


def framed(
    kind: str, action: dict[str, Any], body: str | None, header: Header | None = None, footer: str | None = None
) -> dict[str, Any]:
    """The content of an interactive message; `kind` is Meta's word for it."""
    content: dict[str, Any] = {"type": kind}
    if header is not None:
        content["header"] = header_content(header)
    if body is not None:
        content["body"] = {"text": body}
    if footer is not None:
        content["footer"] = {"text": footer}
    return {**content, "action": action}


def header_content(header: Header) -> dict[str, Any]:
    return {"type": "text", "text": header} if isinstance(header, str) else header.typed_content()


def read_body(content: JsonObject) -> str:
    return content.nested("body").string("text")


def read_optional_body(content: JsonObject) -> str | None:
    return read_body(content) if "body" in content else None


def read_footer(content: JsonObject) -> str | None:
    footer = content.optional_nested("footer")
    return None if footer is None else footer.string("text")


def read_header(content: JsonObject) -> Header | None:
    return _read_header(content.nested("header")) if "header" in content else None


def read_text_header(content: JsonObject) -> str | None:
    """The header of a kind that takes a line of text alone."""
    header = content.optional_nested("header")
    if header is None:
        return None
    header.constant("type", "text")
    return header.string("text")


def _read_header(header: JsonObject) -> Header:
    kind = header.string("type")
    match kind:
        case "text":
            return header.string("text")
        case "image":
            return Image.read(header.nested("image"))
        case "video":
            return Video.read(header.nested("video"))
        case "document":
            return Document.read(header.nested("document"))
        case _:
            raise WrongShape(header.path("type"), "is none of text, image, video and document")
