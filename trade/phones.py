"""Phone numbers: how they read, how WhatsApp writes them, and whether two are the same person's."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher

from trade.markup import plain, shorten
from trade.spellings import same_number, spellings

# A number we cannot read is shown as it came, within reason (E.164 allows 15 digits).
UNREADABLE_NUMBER_LIMIT = 32


def national(phone: str) -> str:
    """The number as people of its country write it; as it came when it is no number."""
    number = _parse(phone)
    if number is None:
        return shorten(plain(phone), UNREADABLE_NUMBER_LIMIT)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def as_dialled(phone: str, country: str | None) -> str:
    """The number as people of `country` (ISO 3166) dial it: nationally where it is one of theirs, else in full."""
    number = _parse(phone)
    if number is None or phonenumbers.region_code_for_number(number) == country:
        return national(phone)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def digits(phone: str) -> str:
    """The international number in digits alone, as WhatsApp writes a wa_id; "" when it is no number."""
    number = _parse(phone)
    return "" if number is None else _digits(number)


def same_person(a: str, b: str) -> bool:
    """Whether both are the same number, however written; two unreadable ones never are."""
    first, second = _parse(a), _parse(b)
    return first is not None and second is not None and same_number(_digits(first), _digits(second))


def read_phone(text: str, country: str | None) -> str | None:
    """The first number somebody typed, in E.164; local ones are of `country` (ISO 3166). None where there is none."""
    for match in PhoneNumberMatcher(text, country):
        return f"+{_digits(match.number)}"
    bare = digits(text)  # international, without its "+"
    return f"+{bare}" if bare and phonenumbers.is_valid_number(phonenumbers.parse(f"+{bare}")) else None


def _digits(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")


@lru_cache(maxsize=1024)
def _parse(phone: str) -> PhoneNumber | None:
    """Read an international number: with "+", with "00", or the bare digits of a wa_id.

    A local number (one leading 0) has no country, so it could be anybody's: it is not read.
    """
    compact = re.sub(r"[^\d+]", "", phone)
    if compact.startswith("00"):
        compact = compact[2:]
    # An older spelling, such as a Mexican 521, is no possible number today, yet somebody's.
    read = (_possible(digits) for digits in spellings(compact.lstrip("+")))
    return next((number for number in read if number is not None), None)


def _possible(digits: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse("+" + digits, None)
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None
