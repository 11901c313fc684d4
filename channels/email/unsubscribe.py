"""Tokens for leaving a list with one tap (RFC 8058): they say who leaves what, and hold nothing about a person.

A token is valid for as long as its secret: somebody may find last year's mail and wish to leave, also after their
name and address were forgotten here. Using one again changes nothing, so a copied link does no harm but its own.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MAX_TOKEN: Final = 600
"""characters; with the page's own address it fits a header that is never folded (`message.MAX_URL`)"""

_PURPOSE: Final = b"relais one-click unsubscribe 1"
"""What the key signs here and nowhere else, should the same secret sign other things."""

_SIGNATURE_BYTES: Final = 16
"""Of the HMAC-SHA256, as RFC 2104 allows: half is plenty against guessing, and addresses stay short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Who wishes to leave what, and which message brought them to it."""

    business_id: str
    who: str
    """The id of their address or of the subscriber; never the address itself."""
    category: str
    message_id: str


def make_token(secret: str, leaving: Leaving) -> str:
    """Of letters, digits, `-`, `_` and one dot. Raises ValueError where the secret is empty or the ids are too long."""
    if not secret:
        raise ValueError("The secret for unsubscribe links is empty.")
    names = [leaving.business_id, leaving.who, leaving.category, leaving.message_id]
    told = json.dumps(names, ensure_ascii=False, separators=(",", ":")).encode()
    token = f"{_encoded(told)}.{_encoded(_signature(secret, told))}"
    if len(token) > MAX_TOKEN:
        raise ValueError(f"The ids in an unsubscribe link make it longer than {MAX_TOKEN} characters.")
    return token


def read_token(secrets: Sequence[str], token: str) -> Leaving | None:
    """What the token says; None where none of the secrets (the new one, older ones) made exactly this token."""
    if len(token) > MAX_TOKEN:
        return None
    told, signature = (_decoded(part) for part in token.partition(".")[::2])
    if told is None or signature is None:
        return None
    # Every secret is tried, so that the time it takes does not tell which one fits.
    fits = [hmac.compare_digest(_signature(secret, told), signature) for secret in secrets if secret]
    if not any(fits):
        return None
    business_id, who, category, message_id = json.loads(told)
    return Leaving(business_id=business_id, who=who, category=category, message_id=message_id)


def _signature(secret: str, told: bytes) -> bytes:
    key = hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).digest()
    return hmac.new(key, told, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _decoded(text: str) -> bytes | None:
    """Strictly: another spelling of the same bytes is another token."""
    try:
        value = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return value if _encoded(value) == text else None
