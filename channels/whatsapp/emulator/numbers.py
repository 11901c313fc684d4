"""Phone numbers and the ids WhatsApp derives from them: wa_id, user id, message id."""

import base64
import hashlib
import secrets

import phonenumbers

# Meta's message ids are a small binary record in base64: the phone's digits, a version, the direction, random hex.
_HEAD, _LENGTH, _VERSION, _SEPARATOR = b"\x1c", b"\x18", b"\x15\x02\x00", b"\x18"
_TO_PERSON, _TO_BUSINESS = b"\x11", b"\x12"
_TO_PERSON_BYTES, _TO_BUSINESS_BYTES = 9, 10  # of randomness, written as hex


def wa_id_of(number: str) -> str:
    """The digits WhatsApp knows a number by; raises ValueError when it is no international number."""
    try:
        parsed = phonenumbers.parse("+" + "".join(sign for sign in number if sign.isdigit()))
    except phonenumbers.NumberParseException:
        raise ValueError("not a phone number in international form") from None
    if not phonenumbers.is_possible_number(parsed):
        raise ValueError("not a phone number in international form")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def readable(wa_id: str) -> str:
    """A wa_id as a person writes it: +242 06 123 4567."""
    try:
        parsed = phonenumbers.parse("+" + wa_id)
    except phonenumbers.NumberParseException:
        return "+" + wa_id
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def user_id(account_id: str, wa_id: str, identity: int = 0) -> str:
    """The business-scoped user id: another one at another business, and after each exchange of identities."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse("+" + wa_id))
    except phonenumbers.NumberParseException:
        country = None
    digest = hashlib.sha256(f"{account_id}/{wa_id}/{identity}".encode()).digest()
    return f"{country if country and country.isalpha() else 'US'}.{int.from_bytes(digest[:8])}"


def account_id(phone_number_id: str) -> str:
    """The WhatsApp Business Account of a number for which nobody named one."""
    return str(int.from_bytes(hashlib.sha256(phone_number_id.encode()).digest()[:6]))


def new_wamid(digits_of_person: str, *, to_business: bool) -> str:
    """A message id; as at Meta it holds the person's number, or that of their user id where the number is hidden."""
    direction, size = (_TO_BUSINESS, _TO_BUSINESS_BYTES) if to_business else (_TO_PERSON, _TO_PERSON_BYTES)
    unique = secrets.token_hex(size).upper().encode()
    digits = digits_of_person.encode()
    record = b"".join(
        (
            _HEAD,
            _LENGTH,
            bytes([len(digits)]),
            digits,
            _VERSION,
            direction,
            _SEPARATOR,
            bytes([len(unique)]),
            unique,
        )
    )
    return "wamid." + base64.b64encode(record + b"\x00").decode()


def new_media_id() -> str:
    return str(10**15 + secrets.randbelow(9 * 10**15))


def new_trace_id() -> str:
    return "A" + secrets.token_urlsafe(16)
