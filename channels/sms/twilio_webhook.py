"""What Twilio posts to us about SMS: whether it is Twilio, and what it reports.

BadCallback         the body is no report of a message
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import SplitResult, parse_qs, parse_qsl, urlsplit

from channels.failures import Cause, FailureKind, FailureRow
from channels.json_text import storable_text
from channels.reports import Report, What
from channels.sms.twilio import OUR_ID
from channels.sms.twilio_codes import look_up

PROVIDER: Final = "twilio"

SIGNATURE_HEADER: Final = "x-twilio-signature"

BODY_HASH: Final = "bodySHA256"
"""The parameter with which Twilio signs a body that is no form."""

_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


class BadCallback(ValueError):
    """The body is not what Twilio posts about a message."""


def verify_signature(tokens: Sequence[str], url: str, body: bytes, signature: str | None) -> bool:
    """Whether Twilio signed this address and exactly these fields with one of our auth tokens (the new, the old).

    `url` is the public address as Twilio knows it, its query included, whatever a proxy made of it. Blank fields are
    signed too, so the raw body is read here and not what a framework left of it.
    """
    if signature is None:
        return False
    fields = _signed_fields(url, body)
    if fields is None:
        return False
    # As bytes, since compare_digest refuses text that is not ASCII, and a stranger may send anything.
    given = signature.encode(errors="replace")
    fits = [
        hmac.compare_digest(_signature(token, address + fields), given)
        for token in tokens
        for address in _spellings(url)
        if token
    ]
    return any(fits)


def parse(url: str, body: bytes, received_at: datetime) -> Report:
    """The report in a form that was verified; the address holds our id. Twilio tells no moment worth its name."""
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True)
    except ValueError:
        raise BadCallback("The body is no form.") from None
    told = {storable_text(name): storable_text(value) for name, value in fields}
    sid, status = told.get("MessageSid") or told.get("SmsSid"), told.get("MessageStatus") or told.get("SmsStatus")
    if not sid or not status:
        raise BadCallback("The body holds no MessageSid or no MessageStatus.")
    what = _STATUSES.get(status, "other")
    code = told.get("ErrorCode") or None
    return Report(
        provider=PROVIDER,
        provider_message_id=sid,
        our_id=_our_id(url),
        what=what,
        at=received_at,
        recipient=told.get("To"),
        code=code,
        reason=told.get("ErrorMessage") or told.get("ChannelStatusMessage") or None,
        segments=_segments(told.get("NumSegments")),
        failure=_failure(code) if what == "failed" else None,
        event_id=f"{sid}:{status}",
        raw=told,
    )


_STATUSES: Final[Mapping[str, What]] = {
    "sent": "sent",
    "delivered": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "read": "read",
}
"""Others (accepted, scheduled, queued, sending, canceled …) move no message of ours."""

_NO_REASON: Final = FailureRow(
    kind=FailureKind.FINAL, cause=Cause.RECIPIENT, advice="It did not arrive, and Twilio names no reason known here."
)


def _failure(code: str | None) -> FailureRow:
    known = look_up(int(code)) if code is not None and code.isdecimal() and len(code) < 10 else None
    return known or _NO_REASON


def _segments(told: str | None) -> int | None:
    """Not every report of Twilio's has it; 0 stands for a message that is not cut yet."""
    return int(told) or None if told is not None and told.isdecimal() and len(told) < 3 else None


def _signed_fields(url: str, body: bytes) -> str | None:
    """What is signed after the address; None where the body is not the one that was signed."""
    try:
        query = parse_qs(urlsplit(url).query)
        if BODY_HASH in query:
            is_same = hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), query[BODY_HASH][0].encode())
            return "" if is_same else None
        fields = parse_qsl(body.decode(), keep_blank_values=True)
    except ValueError:
        return None
    return "".join(name + value for name, value in sorted(set(fields)))


def _signature(token: str, signed: str) -> bytes:
    return b64encode(hmac.new(token.encode(), signed.encode(errors="replace"), hashlib.sha1).digest())


def _spellings(url: str) -> Iterator[str]:
    """The address as given, without its port, and with the usual one: Twilio is not consistent about it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = parts.netloc.removesuffix(f":{host.rpartition(':')[2]}") if _has_port(host) else parts.netloc
    yield url
    if bare != parts.netloc:
        yield _at(parts, url, bare)
    elif parts.scheme in _DEFAULT_PORTS:
        yield _at(parts, url, f"{bare}:{_DEFAULT_PORTS[parts.scheme]}")


def _has_port(host: str) -> bool:
    before, colon, port = host.rpartition(":")
    return bool(colon) and port.isdecimal() and (before.endswith("]") or ":" not in before)


def _at(parts: SplitResult, url: str, netloc: str) -> str:
    """The same address elsewhere, not one letter of the rest changed."""
    return url.replace(f"//{parts.netloc}", f"//{netloc}", 1)


def _our_id(url: str) -> str | None:
    values = parse_qs(urlsplit(url).query).get(OUR_ID)
    return storable_text(values[0]) if values else None
