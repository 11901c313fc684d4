"""What SendGrid posts to us about emails: whether it is SendGrid, and what each event says.

BadEvents           the body is no JSON array

Nothing else is raised: an event that is not understood is reported as `other` with all that came.
"""

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from channels.email.sendgrid import OUR_ID
from channels.email.smtp_codes import Stage, finer_code, row_of
from channels.failures import Cause, FailureKind, FailureRow
from channels.http_answers import decode
from channels.reports import Report, What

PROVIDER: Final = "sendgrid"

SIGNATURE_HEADER: Final = "x-twilio-email-event-webhook-signature"
TIMESTAMP_HEADER: Final = "x-twilio-email-event-webhook-timestamp"

MAX_AGE: Final = timedelta(hours=48)
"""How old a signed body may be. SendGrid tries again for a day, and repeats were seen after 29 hours; within that time
a repeat changes nothing, since each event has an id."""

MAX_AHEAD: Final = timedelta(minutes=5)
"""By how much its clock may be ahead of ours; our choice"""


class BadEvents(ValueError):
    """The body is not what SendGrid posts."""


def verify_signature(
    public_keys: Sequence[str], body: bytes, signature: str | None, timestamp: str | None, now: datetime
) -> bool:
    """Whether SendGrid signed exactly these bytes, not long ago, with the key to one of ours (the new one, older ones).

    A key is the base64 text that SendGrid shows; the body counts to its last byte, a line end included.
    """
    if signature is None or timestamp is None or not _is_fresh(timestamp, now):
        return False
    try:
        signed = b64decode(signature, validate=True)
    except ValueError:
        return False
    return any(_fits(key, signed, timestamp.encode() + body) for key in public_keys)


def parse(body: bytes, received_at: datetime) -> list[Report]:
    events = decode(body)
    if not isinstance(events, list):
        raise BadEvents("The body is no JSON array of events.")
    return [_report(each if isinstance(each, Mapping) else {"event": each}, received_at) for each in events]


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return False
    age = now.timestamp() - int(timestamp)
    return -MAX_AHEAD.total_seconds() <= age <= MAX_AGE.total_seconds()


def _fits(public_key: str, signature: bytes, signed: bytes) -> bool:
    try:
        key = load_der_public_key(b64decode(public_key, validate=True))
        if not isinstance(key, EllipticCurvePublicKey):
            return False
        key.verify(signature, signed, ECDSA(SHA256()))
    except (ValueError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


_EVENTS: Final[Mapping[str, What]] = {
    "processed": "sent",
    "delivered": "delivered",
    "deferred": "deferred",
    "bounce": "failed",
    "dropped": "failed",
    "open": "opened",
    "click": "clicked",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
}


def _final(cause: Cause, advice: str) -> FailureRow:
    return FailureRow(kind=FailureKind.FINAL, cause=cause, advice=advice)


_NOT_SENT: Final = "SendGrid did not send it:"
_DROPS: Final[Mapping[str, FailureRow]] = {
    "bounced address": _final(Cause.RECIPIENT, f"{_NOT_SENT} the address bounced before."),
    "invalid": _final(Cause.RECIPIENT, f"{_NOT_SENT} this is no address."),
    "unsubscribed address": _final(Cause.OPTED_OUT, f"{_NOT_SENT} the person unsubscribed there."),
    "spam reporting address": _final(Cause.OPTED_OUT, f"{_NOT_SENT} the person marked an earlier one as spam."),
    "spam content": _final(Cause.CONTENT, f"{_NOT_SENT} it looks like spam. Look at its words and links."),
    "invalid smtpapi header": _final(Cause.REQUEST, f"{_NOT_SENT} a header of the request is wrong."),
    "recipient list over package quota": _final(Cause.ACCOUNT, f"{_NOT_SENT} the account has no credits left."),
}
_DROPPED: Final = _final(Cause.CONTENT, f"{_NOT_SENT} its words say why.")

_BOUNCED: Final = _final(Cause.RECIPIENT, "It came back: the recipient's server does not take it.")

_SERVERS: Final = re.compile(r"\.(filter|recvd).*", re.DOTALL)
"""What SendGrid appends to its message id: the machines that it went through."""

_REPLY: Final = re.compile(r"\s*([45]\d\d)\b")


def _report(event: Mapping[str, Any], received_at: datetime) -> Report:
    reason = _text(event, "reason") or _text(event, "response")
    what = _what(event)
    sent_as = _text(event, "sg_message_id")
    return Report(
        provider=PROVIDER,
        provider_message_id=_SERVERS.sub("", sent_as) if sent_as else None,
        our_id=_text(event, OUR_ID),
        what=what,
        at=_moment(event.get("timestamp")) or received_at,
        recipient=_text(event, "email"),
        code=_text(event, "status") or finer_code(reason or ""),
        reason=reason,
        failure=_failure(event, reason or "") if what == "failed" else None,
        event_id=_text(event, "sg_event_id") or _fingerprint(event),
        raw=event,
    )


def _what(event: Mapping[str, Any]) -> What:
    # Some mail programs fetch every picture before anybody reads: that is no person who opened it.
    if event.get("sg_machine_open") is True:
        return "other"
    return _EVENTS.get(_text(event, "event") or "", "other")


def _failure(event: Mapping[str, Any], reason: str) -> FailureRow:
    if event.get("event") == "dropped":
        return _DROPS.get(reason.strip().lower(), _DROPPED)
    status = _text(event, "status") or ""
    reply = _REPLY.match(reason)
    if reply is None and status[:1] not in ("4", "5"):
        return _BOUNCED
    code = int(reply[1]) if reply else int(status[0]) * 100
    # "blocked": a refusal of what is sent or by whom, while the address as such may be good.
    stage = Stage.CONTENT if event.get("type") == "blocked" else Stage.RECIPIENT
    return row_of(code, f"{status} {reason}", stage)


def _text(event: Mapping[str, Any], name: str) -> str | None:
    value = event.get(name)
    return value if isinstance(value, str) and value else None


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _fingerprint(event: Mapping[str, Any]) -> str:
    """An id for an event that has none: the same for the same words."""
    return "sha256:" + hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()
