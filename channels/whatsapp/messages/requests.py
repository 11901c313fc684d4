"""Asking for what the phone knows: where a person is, and how they can be reached."""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.frame import check_frame, framed, read_body

SEND_LOCATION: Final = "send_location"
SHARE_CONTACT: Final = "request_contact_info"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationRequest:
    """A text with a button that sends a place; the answer quotes this message."""

    body: str = field(repr=False)

    def __post_init__(self) -> None:
        check_frame("LocationRequest", self.body)

    def content(self) -> dict[str, Any]:
        return framed("location_request_message", {"name": SEND_LOCATION}, self.body)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        content.nested("action").constant("name", SEND_LOCATION)
        return cls(body=read_body(content))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRequest:
    """A text with a button that shares the person's own number, for whom we know by a BSUID alone."""

    body: str = field(repr=False)

    def __post_init__(self) -> None:
        check_frame("ContactRequest", self.body)

    def content(self) -> dict[str, Any]:
        return framed("request_contact_info", {"name": SHARE_CONTACT}, self.body)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        content.nested("action").constant("name", SHARE_CONTACT)
        return cls(body=read_body(content))
