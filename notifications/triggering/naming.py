"""The names under which a recipient can be found, read from what a trigger says of them. Pure.

Numbers that are written as we keep them are looked for as they are; only a stranger's is parsed, which takes long.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, ValidationResult

from channels.email.message import Mailbox
from channels.invalid import InvalidMessage
from notifications.plans.people import known_timezone
from notifications.triggering.trigger import Recipient
from notifications.workflows import Problem
from trade.spellings import spellings

E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LOCALE: Final = re.compile(r"[a-z]{2}(?:[-_][A-Z]{2})?")
MOST_ID_CHARACTERS: Final = 255
MOST_NAME_CHARACTERS: Final = 200
"""Of a person's name; longer ones are no names. Our choice."""

_OF_THE_API: Final = re.compile(r"/(?:preferences|inbox-token|addresses/[0-9a-fA-F-]{36})$")
"""What the API has below a person, whose id may hold a slash: an id that ends so would be read as another's."""

type Name = tuple[str, str]
"""Kind and value: the kinds of addresses, and `external` for what the business's system says."""

_WHY: Final = {
    ValidationResult.TOO_SHORT: "is too short for a phone number",
    ValidationResult.TOO_LONG: "is too long for a phone number",
    ValidationResult.INVALID_COUNTRY_CODE: "has a country code that does not exist",
    ValidationResult.INVALID_LENGTH: "has as many digits as no number of its country",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "lacks its area code",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a recipient goes by."""

    subscriber_id: str | None
    external_id: str | None
    addresses: tuple[Name, ...] = field(repr=False)
    """By which they are to be reached: kept, where they were not known."""
    all: tuple[Name, ...] = field(repr=False)
    """Everything to look for, the most certain first; every spelling of a number finds its owner."""


class BadName(ValueError):
    """Something that a recipient is called by is no name of that kind."""

    def __init__(self, field_name: str, problem: str) -> None:
        super().__init__(problem)
        self.problem = Problem(field=f"to.{field_name}", problem=problem)


def names_of(recipient: Recipient, country: str, *, as_written: bool = False) -> Names:
    """With `as_written`, numbers that look right are taken for such. Raises BadName."""
    _check_profile(recipient)
    addresses: dict[Name, None] = {}
    if recipient.phone is not None:
        number = _number("phone", recipient.phone, country, as_written=as_written)
        addresses[("phone", number)] = None
        if recipient.whatsapp is None:
            addresses[("whatsapp", number[1:])] = None
    if recipient.whatsapp is not None:
        written = recipient.whatsapp.strip()
        number = _number("whatsapp", f"+{written}" if written.isdigit() else written, country, as_written=as_written)
        addresses[("whatsapp", number[1:])] = None
        if recipient.phone is None:
            addresses[("phone", number)] = None
    if recipient.email is not None:
        addresses[("email", _email(recipient.email))] = None
    if recipient.id is None and recipient.subscriber_id is None and not addresses:
        raise BadName("id", "is missing; name the recipient by id, subscriber_id, phone, whatsapp or email")
    return Names(
        subscriber_id=recipient.subscriber_id,
        external_id=recipient.id,
        addresses=tuple(addresses),
        all=tuple(_to_look_for(recipient.id, addresses)),
    )


def _to_look_for(external_id: str | None, addresses: Iterable[Name]) -> Iterator[Name]:
    if external_id is not None:
        yield "external", external_id
    for kind, value in addresses:
        if kind == "email":
            yield kind, value
            continue
        plus = "+" if kind == "phone" else ""
        for spelling in spellings(value.removeprefix("+")):
            yield kind, plus + spelling


def _check_profile(recipient: Recipient) -> None:
    if recipient.id is not None and not 0 < len(recipient.id.strip()) <= MOST_ID_CHARACTERS:
        raise BadName("id", f"is empty or longer than {MOST_ID_CHARACTERS} characters")
    if recipient.id is not None and (ending := _OF_THE_API.search(recipient.id)):
        raise BadName("id", f"ends in {ending[0]}, which addresses of the API have behind an id; end it otherwise")
    if recipient.subscriber_id is not None and not UUID.fullmatch(recipient.subscriber_id):
        raise BadName("subscriber_id", "is no id of ours; leave it out to name them otherwise")
    if recipient.locale is not None and not LOCALE.fullmatch(recipient.locale):
        raise BadName("locale", "is no language such as fr or fr_CG")
    if recipient.timezone is not None and known_timezone(recipient.timezone) is None:
        raise BadName("timezone", "is no timezone such as Africa/Brazzaville")
    if recipient.name is not None and len(recipient.name) > MOST_NAME_CHARACTERS:
        raise BadName("name", f"is longer than {MOST_NAME_CHARACTERS} characters")


def _number(field_name: str, written: str, country: str, *, as_written: bool) -> str:
    if as_written and E164.fullmatch(written):
        return written
    number, problem = _read_number(written, country)
    if number is None:
        raise BadName(field_name, f"{problem}; write it like +242061234567")
    return number


@lru_cache(maxsize=4096)
def _read_number(written: str, country: str) -> tuple[str | None, str]:
    """E.164, or what is wrong with it. Local numbers are of `country`."""
    compact = re.sub(r"[\s().\u00a0\u202f-]", "", written)
    if compact.startswith("00"):
        compact = f"+{compact[2:]}"
    if not re.fullmatch(r"\+?[0-9]+", compact):
        return None, "holds signs that are no part of a phone number"
    # Older spellings, such as a Mexican 521, are somebody's, and nothing that phonenumbers knows.
    candidates = [f"+{each}" for each in spellings(compact[1:])] if compact.startswith("+") else [compact]
    problem = "is no phone number"
    for candidate in candidates:
        try:
            parsed = phonenumbers.parse(candidate, country)
        except NumberParseException:
            continue
        reason = phonenumbers.is_possible_number_with_reason(parsed)
        if reason == ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), ""
        problem = _WHY.get(reason, problem)
    return None, problem


def _email(written: str) -> str:
    try:
        # Domains know no case, and no provider of mail tells two people apart by it.
        return Mailbox(address=written.strip()).address.lower()
    except InvalidMessage as error:
        raise BadName("email", error.problem) from None
