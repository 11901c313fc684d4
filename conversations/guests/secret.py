"""The secrets of links and of guests: shown once, kept as a hash."""

import hashlib
import secrets
from typing import Final

SECRET_BYTES: Final = 24
"""192 random bits, so that nobody guesses one and a hash without salt gives nothing away."""

MAX_SECRET: Final = 64
"""characters; ours have 32"""


def new_secret() -> str:
    """A secret that fits into an address or a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """What is kept of it: SHA-256, in hex."""
    return hashlib.sha256(secret[:MAX_SECRET].encode(errors="replace")).hexdigest()
