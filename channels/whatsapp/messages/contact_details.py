"""What a contact card tells beside the name: numbers, and addresses of every kind."""

from dataclasses import dataclass, field
from typing import Any, Self

from channels.invalid import InvalidMessage
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.checks import (
    check_link,
    check_optional,
    check_trimmed,
    is_digits,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    number: str = field(repr=False)  # as people write it
    wa_id: str | None = field(default=None, repr=False)  # digits; gives the card a button to write to them
    type: str = "CELL"

    def __post_init__(self) -> None:
        check_trimmed("Phone.number", self.number)
        check_trimmed("Phone.type", self.type)
        if self.wa_id is not None and not is_digits(self.wa_id):
            raise InvalidMessage("Phone.wa_id", "is not made of digits alone")

    def content(self) -> dict[str, Any]:
        known = {} if self.wa_id is None else {"wa_id": self.wa_id}
        return {"phone": self.number, "type": self.type, **known}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(
            number=content.string("phone"),
            wa_id=content.optional_string("wa_id"),
            type=content.optional_string("type") or "CELL",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    address: str = field(repr=False)
    type: str = "WORK"

    def __post_init__(self) -> None:
        check_trimmed("Email.address", self.address)
        check_trimmed("Email.type", self.type)

    def content(self) -> dict[str, Any]:
        return {"email": self.address, "type": self.type}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(address=content.string("email"), type=content.optional_string("type") or "WORK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    url: str = field(repr=False)
    type: str = "WORK"

    def __post_init__(self) -> None:
        check_link("Url.url", self.url)
        check_trimmed("Url.type", self.type)

    def content(self) -> dict[str, Any]:
        return {"url": self.url, "type": self.type}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(url=content.string("url"), type=content.optional_string("type") or "WORK")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    street: str | None = field(default=None, repr=False)
    city: str | None = field(default=None, repr=False)
    state: str | None = field(default=None, repr=False)
    zip: str | None = field(default=None, repr=False)
    country: str | None = field(default=None, repr=False)
    country_code: str | None = field(default=None, repr=False)  # two letters
    type: str = "WORK"

    def __post_init__(self) -> None:
        check_trimmed("PostalAddress.type", self.type)
        for part, text in self._parts().items():
            check_optional(f"PostalAddress.{part}", text)
        if not any(self._parts().values()):
            raise InvalidMessage("PostalAddress.street", "is missing, and so is every other part")

    def content(self) -> dict[str, Any]:
        parts = {part: text for part, text in self._parts().items() if text is not None}
        return {**parts, "type": self.type}

    def _parts(self) -> dict[str, str | None]:
        return {
            "street": self.street,
            "city": self.city,
            "state": self.state,
            "zip": self.zip,
            "country": self.country,
            "country_code": self.country_code,
        }

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(
            street=content.optional_string("street"),
            city=content.optional_string("city"),
            state=content.optional_string("state"),
            zip=content.optional_string("zip"),
            country=content.optional_string("country"),
            country_code=content.optional_string("country_code"),
            type=content.optional_string("type") or "WORK",
        )
