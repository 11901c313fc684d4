"""Passwords: what makes one good enough, how it is kept, and whether this is it. Hashing takes a thread and 50 ms."""

from itertools import pairwise
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

MIN_LENGTH: Final = 12
"""Characters. NIST SP 800-63B asks for 8 at least and for no rules beside length; 12 is our choice."""
MAX_LENGTH: Final = 256
"""Characters; a longer one only costs time."""
FEWEST_DIFFERENT: Final = 5
"""Different characters, so that length is not one key held down. Our choice."""

COMMON: Final = ("relais", "password", "motdepasse", "azerty", "qwerty", "whatsapp", "bonjour", "admin")
"""What everybody tries first: it counts for nothing."""

_HASHER: Final = PasswordHasher()
"""Argon2id with the library's own costs (RFC 9106, low-memory profile)."""

_NOBODYS: Final = _HASHER.hash("nobody has this password")
"""Checked where there is no account, so that an unknown address takes as long as a wrong password."""


class WeakPassword(Exception):
    """It is not good enough; `reason` is short, simple or named."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The password is not good enough: {reason}.")
        self.reason = reason


def check(password: str, *, email: str, name: str) -> None:
    """Raise WeakPassword for one that is too short, too simple, or made of who it belongs to."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword("short")
    if len(set(password.lower())) < FEWEST_DIFFERENT or _is_a_run(password):
        raise WeakPassword("simple")
    known = {
        email.lower(),
        email.lower().partition("@")[0],
        name.lower(),
        "relais",
        "password",
        "motdepasse",
        "whatsapp",
    }
    left = password.lower()
    for each in sorted((one for one in known if len(one) > 3), key=len, reverse=True):
        left = left.replace(each, "")
    if len(left) < MIN_LENGTH // 2:
        raise WeakPassword("named")


def hashed(password: str) -> str:
    """What is kept of it."""
    return _HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether it is the one; takes as long when there is nothing to compare with."""
    try:
        _HASHER.verify(password_hash or _NOBODYS, password[:MAX_LENGTH])
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def _is_a_run(password: str) -> bool:
    """1234567890…, abcdefghij…: every character follows the one before."""
    return all(ord(after) - ord(before) in (0, 1, -9) for before, after in pairwise(password))
