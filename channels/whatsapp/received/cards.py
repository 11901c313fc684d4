"""Contact cards that people share."""

from dataclasses import dataclass, field
from typing import Final

OWN_NUMBER: Final = "contact_request"
"""The origin of cards that answer our request: WhatsApp vouches that the number is the sender's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPhone:
    """A number on a card; `wa_id` only where WhatsApp knows the number."""

    phone: str | None = field(default=None, repr=False)  # as somebody wrote it
    wa_id: str | None = field(default=None, repr=False)  # digits
    user_id: str | None = field(default=None, repr=False)
    type: str | None = None  # CELL, HOME, WORK … as Meta writes it


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAddress:
    street: str | None = field(default=None, repr=False)
    city: str | None = field(default=None, repr=False)
    state: str | None = field(default=None, repr=False)
    zip: str | None = field(default=None, repr=False)
    country: str | None = field(default=None, repr=False)
    country_code: str | None = None  # ISO 3166, two letters
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOrganisation:
    company: str | None = field(default=None, repr=False)
    department: str | None = field(default=None, repr=False)
    title: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard:
    """One card. Anything may be missing, the name too."""

    formatted_name: str | None = field(default=None, repr=False)
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    phones: tuple[CardPhone, ...] = ()
    emails: tuple[str, ...] = field(default=(), repr=False)
    urls: tuple[str, ...] = field(default=(), repr=False)
    addresses: tuple[CardAddress, ...] = ()
    org: CardOrganisation | None = None
    birthday: str | None = field(default=None, repr=False)  # YYYY-MM-DD
    vcard: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsReceived:
    """Cards in one message. Only `origin` "contact_request" proves that the number is the sender's own."""

    contacts: tuple[ContactCard, ...]
    origin: str | None = None

    @property
    def is_own_number(self) -> bool:
        return self.origin == OWN_NUMBER
