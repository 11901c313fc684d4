"""What is filled in on a template, or on one card of a template that has cards: header, body and buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self

from channels.invalid import InvalidMessage
from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.limits import length
from channels.whatsapp.messages.checks import check_text, check_trimmed, check_unique
from channels.whatsapp.messages.location import Location
from channels.whatsapp.messages.media import Document, Gif, Image, Video
from channels.whatsapp.messages.template_buttons import CopyCodeButton, TemplateButton, UrlButton, read_button
from channels.whatsapp.messages.template_values import TextValue, Value, read_type, read_value


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductHeader:
    """The picture, name and price of one product of a catalogue."""

    catalog_id: str
    product_retailer_id: str

    def __post_init__(self) -> None:
        check_trimmed("ProductHeader.catalog_id", self.catalog_id)
        check_trimmed("ProductHeader.product_retailer_id", self.product_retailer_id)

    def content(self) -> dict[str, Any]:
        return {"catalog_id": self.catalog_id, "product_retailer_id": self.product_retailer_id}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(catalog_id=content.string("catalog_id"), product_retailer_id=content.string("product_retailer_id"))


TemplateHeader = TextValue | Image | Video | Document | Gif | Location | ProductHeader


_READERS: Final[dict[str, Callable[[JsonObject], TemplateHeader]]] = {
    "image": Image.read,
    "video": Video.read,
    "document": Document.read,
    "gif": Gif.read,
    "location": Location.read,
    "product": ProductHeader.read,
}


@dataclass(slots=True)
class ReadParts:
    """What the components have told so far."""

    header: TemplateHeader | None = None
    body: tuple[Value, ...] = ()
    buttons: tuple[TemplateButton, ...] = ()

    def add(self, component: JsonObject) -> None:
        kind = read_type(component)
        if kind == "button":
            self.buttons += (read_button(component),)
        elif kind == "header" and self.header is None:
            self.header = _read_header(component)
        elif kind == "body" and not self.body:
            self.body = tuple(read_value(value) for value in component.each("parameters"))
        else:
            raise WrongShape(component.path("type"), "is there twice or not known here")


def check_parts(
    kind: str,
    header: TemplateHeader | None,
    body: tuple[Value, ...],
    buttons: tuple[TemplateButton, ...],
    *,
    has_more: bool = False,
) -> None:
    """`has_more` says that the template holds what is no header, body or button: then its body must be short."""
    _check_header(kind, header)
    _check_body(kind, body, alone=header is None and not buttons and not has_more)
    check_unique(f"{kind}.buttons.index", (str(button.index) for button in buttons))
    _check_most(kind, buttons, UrlButton, limits.MAX_TEMPLATE_URLS)
    _check_most(kind, buttons, CopyCodeButton, limits.MAX_TEMPLATE_COPY_CODES)


def components(
    header: TemplateHeader | None, body: tuple[Value, ...], buttons: tuple[TemplateButton, ...]
) -> list[dict[str, Any]]:
    contents: list[dict[str, Any]] = []
    if header is not None:
        contents.append({"type": "header", "parameters": [_header_content(header)]})
    if body:
        contents.append({"type": "body", "parameters": [value.content() for value in body]})
    return [*contents, *(button.content() for button in buttons)]


def _check_header(kind: str, header: TemplateHeader | None) -> None:
    if isinstance(header, TextValue):
        check_text(f"{kind}.header", header.text, limits.MAX_HEADER)
    elif isinstance(header, Image | Video | Document) and header.caption is not None:
        raise InvalidMessage(f"{kind}.header", "has a caption; the body is its caption")


def _check_body(kind: str, body: tuple[Value, ...], *, alone: bool) -> None:
    names = [value.name for value in body if value.name is not None]
    if names and len(names) < len(body):
        raise InvalidMessage(f"{kind}.body", "names some of its values and not the others")
    check_unique(f"{kind}.body.name", names)
    most = limits.MAX_TEMPLATE_BODY_ALONE if alone else limits.MAX_TEMPLATE_BODY
    total = sum(length(value.shown) for value in body)
    if total > most:
        raise InvalidMessage(f"{kind}.body", f"is {total} long; at most {most} are allowed")


def _check_most(kind: str, buttons: tuple[TemplateButton, ...], counted: type[TemplateButton], most: int) -> None:
    if sum(isinstance(button, counted) for button in buttons) > most:
        raise InvalidMessage(f"{kind}.buttons", f"holds more than {most} of the kind {counted.__name__}")


def _header_content(header: TemplateHeader) -> dict[str, Any]:
    match header:
        case TextValue():
            return header.content()
        case Location():
            return {"type": "location", "location": header.content()}
        case ProductHeader():
            return {"type": "product", "product": header.content()}
        case _:
            return header.typed_content()


def _read_header(component: JsonObject) -> TemplateHeader:
    parameters = component.each("parameters")
    if len(parameters) != 1:
        raise WrongShape(component.path("parameters"), "does not hold exactly one")
    (parameter,) = parameters
    kind = read_type(parameter)
    if kind == "text":
        return TextValue.read(parameter)
    if kind not in _READERS:
        raise WrongShape(parameter.path("type"), "is not a kind of header known here")
    return _READERS[kind](parameter.nested(kind))
