"""Secrets that are shown once and kept as a hash: of sessions and one-time links."""

import hashlib
import secrets
from typing import Final

TOKEN_BYTES: Final = 32
"""256 random bits, so that a hash without salt gives nothing away."""


def new_token() -> str:
    """A secret that fits into a cookie or an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is kept of it: SHA-256, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()
