"""Contact cards."""

from dataclasses import dataclass, field
from typing import Any, Self

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.limits import MAX_CONTACTS
from channels.whatsapp.messages.checks import (
    InvalidMessage,
    check_count,
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
class Contact:
    """One card. Meta wants a part of the name beside the whole; without one, the whole is the first name."""

    formatted_name: str = field(repr=False)
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    phones: tuple[Phone, ...]
    organization: str | None = None

    def __post_init__(self) -> None:
        check_trimmed("Contact.formatted_name", self.formatted_name)
        check_optional("Contact.first_name", self.first_name)
        check_optional("Contact.last_name", self.last_name)
        check_optional("Contact.organization", self.organization)
        check_count("Contact.phones", self.phones)
        if self.first_name is None and self.last_name is None:
            object.__setattr__(self, "first_name", self.formatted_name)

    def content(self) -> dict[str, Any]:
        name = {
            "formatted_name": self.formatted_name,
            "first_name": self.first_name,
            "last_name": self.last_name,
        }
        card: dict[str, Any] = {"name": {part: text for part, text in name.items() if text is not None}}
        card["phones"] = [phone.content() for phone in self.phones]
        if self.organization is not None:
            card["org"] = {"company": self.organization}
        return card

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        name, organization = content.nested("name"), content.optional_nested("org")
        return cls(
            formatted_name=name.string("formatted_name"),
            first_name=name.optional_string("first_name"),
            last_name=name.optional_string("last_name"),
            phones=tuple(Phone.read(phone) for phone in content.each("phones")),
            organization=None if organization is None else organization.string("company"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    contacts: tuple[Contact, ...]

    def __post_init__(self) -> None:
        check_count("Contacts.contacts", self.contacts, MAX_CONTACTS)

    def content(self) -> list[dict[str, Any]]:
        return [contact.content() for contact in self.contacts]
