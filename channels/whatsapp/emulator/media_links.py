"""Addresses under which media can be fetched for five minutes: signed, and good for whoever has the token."""

import hashlib
import hmac
import secrets
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

from channels.whatsapp.emulator.clock import Clock

LINK_LASTS = timedelta(minutes=5)  # Meta's documentation of media
PATH = "/whatsapp_business/attachments/"
KINDS = ("image", "video", "audio", "document", "sticker")


class MediaLinks:
    """`address` is the emulator's own, and known once it listens."""

    def __init__(self, clock: Clock, address: str) -> None:
        self.address = address
        self._clock = clock
        self._key = secrets.token_bytes(16)

    def make(self, media_id: str) -> str:
        expires_at = str(int((self._clock() + LINK_LASTS).timestamp()))
        return f"{self.address}{PATH}?mid={media_id}&ext={expires_at}&hash={self._hash(media_id, expires_at)}"

    def is_good(self, media_id: str, expires_at: str, said: str) -> bool:
        """Whether we made this link and it may still be used."""
        if not hmac.compare_digest(said.encode(), self._hash(media_id, expires_at).encode()):
            return False
        return self._clock().timestamp() < int(expires_at)

    def put_into(self, item: MutableMapping[str, Any]) -> None:
        """Give an incoming message's media its `url`, as webhooks carry it."""
        kind = item.get("type")
        if kind in KINDS and isinstance(item.get(kind), dict) and "id" in item[kind]:
            item[kind] = {**item[kind], "url": self.make(item[kind]["id"])}

    def _hash(self, media_id: str, expires_at: str) -> str:
        return hmac.new(self._key, f"{media_id}/{expires_at}".encode(), hashlib.sha256).hexdigest()[:40]
