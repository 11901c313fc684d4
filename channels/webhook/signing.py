"""Signatures as standardwebhooks.com has them, with secrets that are derived from ours and kept nowhere."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from standardwebhooks import Webhook, WebhookVerificationError

PREFIX = "whsec_"


def derived_secret(server_secret: str, purpose: str, name: str, generation: int = 1) -> str:
    """The secret of one endpoint or sender, always the same one: `whsec_` and 32 bytes in base64."""
    named = f"{purpose}/{name}/{generation}".encode()
    return PREFIX + base64.b64encode(hmac.new(server_secret.encode(), named, hashlib.sha256).digest()).decode()


def signed_headers(secrets: Sequence[str], webhook_id: str, body: str, at: datetime) -> dict[str, str]:
    """The headers of a request; signed with each secret, so that the receiver may change over at leisure."""
    signatures = (Webhook(secret).sign(webhook_id, at, body) for secret in secrets)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def is_signed_by(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this secret signed the request within the last five minutes."""
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        # The library lets through what a malformed signature or body does to base64 and UTF-8.
        return False
    return True
