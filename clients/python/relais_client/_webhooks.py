"""Checks that a webhook comes from Relais (standardwebhooks.com), with nothing but the standard library."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from relais_client._errors import BadAnswer, BadSignature
from relais_client._values import moment

TOLERANCE: Final = timedelta(minutes=5)
"""How far the clock of a request may be from ours, either way; the specification's own value."""


@dataclass(frozen=True, kw_only=True)
class WebhookEvent:
    """What Relais told: what became of a message."""

    id: str
    """The same again is the same event, sent again."""
    type: str
    """message.sent, delivered, read, failed, unknown, cancelled, expired, skipped; or webhook.test."""
    timestamp: datetime
    data: Mapping[str, Any] = field(repr=False)


def verify_webhook(
    secret: str, headers: Mapping[str, str], body: bytes | str, *, now: datetime | None = None
) -> WebhookEvent:
    """The event of a webhook that this secret signed within five minutes. Raises BadSignature.

    `secret` is the `whsec_…` that POST /v1/webhook-endpoints answered with, `body` the bytes as they came: parsed and
    written again they are others.
    """
    told = {name.lower(): value for name, value in headers.items()}
    id, at = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
    raw = body.encode() if isinstance(body, str) else bytes(body)
    if not id or not (at.isascii() and at.isdecimal() and len(at) < 12):
        raise BadSignature("The webhook carries no webhook-id, or no webhook-timestamp.")
    expected = hmac.new(_key(secret), f"{id}.{at}.".encode() + raw, hashlib.sha256).digest()
    if not any(hmac.compare_digest(each, expected) for each in _signatures(told.get("webhook-signature", ""))):
        raise BadSignature("The webhook is not signed with this secret.")
    if abs((now or datetime.now(timezone.utc)).timestamp() - int(at)) > TOLERANCE.total_seconds():
        raise BadSignature("The webhook was signed too long ago, or one of the clocks is wrong.")
    return _event(id, raw)


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("secret must be a webhook's, such as whsec_MfKQ9r8GKYqrTwjU…") from None


def _signatures(header: str) -> list[bytes]:
    """Those of the first version; while a secret is being changed there are two."""
    found = []
    for each in header.split():
        version, _, text = each.partition(",")
        if version == "v1":
            try:
                found.append(base64.b64decode(text, validate=True))
            except (binascii.Error, ValueError):
                continue
    return found


def _event(id: str, raw: bytes) -> WebhookEvent:
    try:
        told = json.loads(raw)
        return WebhookEvent(id=id, type=told["type"], timestamp=moment(told["timestamp"]), data=told["data"])
    except (ValueError, KeyError, TypeError):
        raise BadAnswer("The webhook is signed, but not in a form that this version knows.") from None
