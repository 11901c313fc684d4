"""Phone numbers: how they read, how WhatsApp writes them, and whether two are the same person's."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from trade.markup import plain, shorten

# A number we cannot read is shown as it came, within reason (E.164 allows 15 digits).
UNREADABLE_NUMBER_LIMIT = 32


def national(phone: str) -> str:
    """The number as people of its country write it; as it came when it is no number."""
    number = _parse(phone)
    if number is None:
        return shorten(plain(phone), UNREADABLE_NUMBER_LIMIT)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def digits(phone: str) -> str:
    """The international number in digits alone, as WhatsApp writes a wa_id; "" when it is no number."""
    number = _parse(phone)
    return "" if number is None else _e164(number).removeprefix("+")


def same_person(a: str, b: str) -> bool:
    """Whether both are the same number, however written; two unreadable ones never are."""
    first, second = _parse(a), _parse(b)
    return first is not None and second is not None and _e164(first) == _e164(second)


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parse(phone: str) -> PhoneNumber | None:
    """Read an international number: with "+", with "00", or the bare digits of a wa_id.

    A local number (one leading 0) has no country, so it could be anybody's: it is not read.
    """
    compact = re.sub(r"[^\d+]", "", phone)
    if compact.startswith("00"):
        compact = compact[2:]
    try:
        number = phonenumbers.parse("+" + compact.lstrip("+"), None)
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None
