"""What Meta posts to us: whether it is Meta, and all that a body says.

    BadWebhook          the body is not JSON, or not a WhatsApp webhook at all

Nothing else is raised and nothing is lost: every entry, change, message and status is read; an item that breaks
becomes `Unreadable` beside its neighbours; kinds and fields not known here are kept raw.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from channels.whatsapp import received
from channels.whatsapp.reading.envelope import BadWebhook, changes, decode
from channels.whatsapp.reading.fields import read_change
from channels.whatsapp.received import *  # noqa: F403 - whoever reads webhooks finds all that can arrive here
from channels.whatsapp.received import Item, Unreadable

__all__ = ["BadWebhook", "parse", "verify_challenge", "verify_signature"]
__all__ += received.__all__

SIGNATURE_PREFIX: Final = "sha256="


def verify_signature(app_secret: str, body: bytes, header: str | None) -> bool:
    """Whether `X-Hub-Signature-256` was made of exactly these bytes with our secret; without one, never."""
    if not app_secret or header is None or not header.startswith(SIGNATURE_PREFIX):
        return False
    expected = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return _same(header.removeprefix(SIGNATURE_PREFIX), expected)


def verify_challenge(params: Mapping[str, str], verify_token: str) -> str | None:
    """What to answer Meta when it asks whether this address is ours; None refuses."""
    if not verify_token or params.get("hub.mode") != "subscribe":
        return None
    if not _same(params.get("hub.verify_token", ""), verify_token):
        return None
    return params.get("hub.challenge")


def parse(body: bytes) -> list[Item]:
    items: list[Item] = []
    for change in changes(decode(body)):
        items.extend([change] if isinstance(change, Unreadable) else read_change(change))
    return items


def _same(given: str, expected: str) -> bool:
    # As bytes, since compare_digest refuses text that is not ASCII, and a stranger may send anything.
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode(errors="replace"))
