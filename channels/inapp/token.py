"""Inbox tokens: each opens one person's inbox for a while, and nothing else. Nothing of them is kept.

A business's own system asks for one over the API and gives it to its page or app. Taking a person's back begins another
round for them, and those of the rounds before open nothing; changing the secret ends everybody's.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

MAX_TOKEN: Final = 400
"""characters; ours have about 200"""

_PURPOSE: Final = b"relais inbox token 1"
"""What the key signs here and nowhere else: the same secret signs other things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPass:
    """What a token says."""

    business_id: str
    subscriber_id: str
    is_test: bool
    """Made with a test key: it shows what such keys made, and nothing else."""
    expires_at: datetime
    """To the second."""
    round: int = 0
    """How often this person's tokens were taken back before it was made."""


def make_token(secret: str, given: InboxPass) -> str:
    """Of letters, digits, `-`, `_` and one dot. The same for the same pass."""
    names = [given.business_id, given.subscriber_id, given.is_test, int(given.expires_at.timestamp()), given.round]
    told = json.dumps(names, separators=(",", ":")).encode()
    return f"{_encoded(told)}.{_encoded(_signature(secret, told))}"


def read_token(secret: str, token: str, now: datetime) -> InboxPass | None:
    """What it says; None for one that was not made with the secret, or whose time is over."""
    if len(token) > MAX_TOKEN:
        return None
    told, signature = (_decoded(part) for part in token.partition(".")[::2])
    if told is None or signature is None or not hmac.compare_digest(_signature(secret, told), signature):
        return None
    # Those of an older release, which live for an hour, name no round.
    business_id, subscriber_id, is_test, seconds, *rounds = json.loads(told)
    expires_at = datetime.fromtimestamp(seconds, UTC)
    if expires_at <= now:
        return None
    return InboxPass(
        business_id=business_id,
        subscriber_id=subscriber_id,
        is_test=is_test,
        expires_at=expires_at,
        round=rounds[0] if rounds else 0,
    )


def _signature(secret: str, told: bytes) -> bytes:
    key = hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).digest()
    return hmac.new(key, told, hashlib.sha256).digest()


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _decoded(text: str) -> bytes | None:
    """Strictly: another spelling of the same bytes is another token."""
    try:
        value = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return value if _encoded(value) == text else None
