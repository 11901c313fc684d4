"""Contact cards."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self

from channels.invalid import InvalidMessage
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.limits import MAX_CONTACTS
from channels.whatsapp.messages.checks import check_count, check_optional, check_trimmed
from channels.whatsapp.messages.contact_details import Email, Phone, PostalAddress, Url

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One card. Meta wants a part of the name beside the whole; without one, the whole is the first name."""

    formatted_name: str = field(repr=False)
    first_name: str | None = field(default=None, repr=False)
    middle_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    prefix: str | None = field(default=None, repr=False)  # as in Dr
    suffix: str | None = field(default=None, repr=False)  # as in Jr
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    urls: tuple[Url, ...] = ()
    addresses: tuple[PostalAddress, ...] = ()
    organization: str | None = field(default=None, repr=False)
    department: str | None = field(default=None, repr=False)
    title: str | None = field(default=None, repr=False)  # in the organization
    birthday: date | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_trimmed("Contact.formatted_name", self.formatted_name)
        for part, text in {**self._name_parts(), **self._position()}.items():
            check_optional(f"Contact.{part}", text)
        if not (self.phones or self.emails or self.urls or self.addresses):
            raise InvalidMessage("Contact.phones", "is empty, and so is every other way to reach them")
        if not any(self._name_parts().values()):
            object.__setattr__(self, "first_name", self.formatted_name)

    def content(self) -> dict[str, Any]:
        card: dict[str, Any] = {"name": {"formatted_name": self.formatted_name, **_present(self._name_parts())}}
        for name, details in self._details().items():
            if details:
                card[name] = [detail.content() for detail in details]
        position = _present({"company": self.organization, "department": self.department, "title": self.title})
        if position:
            card["org"] = position
        if self.birthday is not None:
            card["birthday"] = self.birthday.isoformat()
        return card

    def _name_parts(self) -> dict[str, str | None]:
        return {
            "first_name": self.first_name,
            "middle_name": self.middle_name,
            "last_name": self.last_name,
            "prefix": self.prefix,
            "suffix": self.suffix,
        }

    def _position(self) -> dict[str, str | None]:
        return {"organization": self.organization, "department": self.department, "title": self.title}

    def _details(self) -> dict[str, tuple[Phone | Email | Url | PostalAddress, ...]]:
        return {"phones": self.phones, "emails": self.emails, "urls": self.urls, "addresses": self.addresses}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        name, position = content.nested("name"), content.optional_nested("org") or JsonObject({})
        return cls(
            formatted_name=name.string("formatted_name"),
            first_name=name.optional_string("first_name"),
            middle_name=name.optional_string("middle_name"),
            last_name=name.optional_string("last_name"),
            prefix=name.optional_string("prefix"),
            suffix=name.optional_string("suffix"),
            phones=tuple(Phone.read(phone) for phone in _each(content, "phones")),
            emails=tuple(Email.read(email) for email in _each(content, "emails")),
            urls=tuple(Url.read(url) for url in _each(content, "urls")),
            addresses=tuple(PostalAddress.read(address) for address in _each(content, "addresses")),
            organization=position.optional_string("company"),
            department=position.optional_string("department"),
            title=position.optional_string("title"),
            birthday=_read_date(content, "birthday"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    contacts: tuple[Contact, ...]

    def __post_init__(self) -> None:
        check_count("Contacts.contacts", self.contacts, MAX_CONTACTS)

    def content(self) -> list[dict[str, Any]]:
        return [contact.content() for contact in self.contacts]

    @classmethod
    def read(cls, contents: list[JsonObject]) -> Self:
        return cls(contacts=tuple(Contact.read(content) for content in contents))


def _present(parts: dict[str, str | None]) -> dict[str, str]:
    return {part: text for part, text in parts.items() if text is not None}


def _each(content: JsonObject, name: str) -> list[JsonObject]:
    return content.each(name) if name in content else []


def _read_date(content: JsonObject, name: str) -> date | None:
    text = content.optional_string(name)
    if text is None:
        return None
    try:
        # fromisoformat alone would also take weeks and forms without hyphens.
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise WrongShape(content.path(name), "is not a date such as 2001-12-31") from None
