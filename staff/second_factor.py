"""One-time codes of an authenticator app (RFC 6238), each taken once, and recovery codes for when the phone is gone."""

import base64
import hashlib
import hmac
import secrets
import string
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pyotp
import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.engine import Connection

from staff.tables import staff_members
from staff.tokens import digest

PERIOD_SECONDS: Final = 30
"""RFC 6238 §5.2; what every app uses."""
TOLERATED: Final = 1
"""Periods by which a phone's clock may be off."""
RECOVERY_CODES: Final = 8
RECOVERY_LENGTH: Final = 12
"""Letters and digits: 60 random bits, so that a hash without salt gives nothing away behind a rate limit."""
ISSUER: Final = "Relais"

_LETTERS: Final = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("il1o0")))[:32]


def new_secret() -> str:
    """A shared secret, as an app takes it."""
    return str(pyotp.random_base32())


def app_address(secret: str, email: str) -> str:
    """What the QR code says: otpauth://…"""
    return str(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def period_of(secret: str, code: str, now: datetime) -> int | None:
    """The period whose code this is, the present one or a neighbour; None for a wrong one."""
    present = int(now.timestamp()) // PERIOD_SECONDS
    codes = pyotp.TOTP(secret)
    for period in range(present - TOLERATED, present + TOLERATED + 1):
        if hmac.compare_digest(codes.at(period * PERIOD_SECONDS), code):
            return period
    return None


def turn_on(
    connection: Connection, member_id: str, key: str, secret: str, code: str, now: datetime
) -> list[str] | None:
    """Ask for codes from now on, as the first one is right; the recovery codes, told once. None for a wrong code."""
    period = period_of(secret, tidy(code), now)
    if period is None:
        return None
    recovery = [_recovery_code() for _ in range(RECOVERY_CODES)]
    connection.execute(
        sa.update(staff_members)
        .where(staff_members.c.id == member_id)
        .values(
            totp_secret=_box(key).encrypt(secret.encode()).decode(),
            totp_period=period,
            recovery_hashes=[digest(tidy(each)) for each in recovery],
        )
    )
    return recovery


def turn_off(connection: Connection, member_id: str) -> None:
    """No code is asked for any more."""
    connection.execute(
        sa.update(staff_members)
        .where(staff_members.c.id == member_id)
        .values(totp_secret=None, totp_period=None, recovery_hashes=None)
    )


def take(connection: Connection, member_id: str, key: str, code: str, now: datetime) -> bool:
    """Whether the code is right; it is used up with that, also a recovery code. Runs within a write."""
    m = staff_members.c
    row = connection.execute(
        sa.select(m.totp_secret, m.totp_period, m.recovery_hashes).where(m.id == member_id).with_for_update()
    ).one()
    given, hashes = tidy(code), list(row.recovery_hashes or ())
    if digest(given) in hashes:
        hashes.remove(digest(given))
        connection.execute(sa.update(staff_members).where(m.id == member_id).values(recovery_hashes=hashes))
        return True
    secret = _opened(key, row.totp_secret)
    period = None if secret is None else period_of(secret, given, now)
    if period is None or period <= (row.totp_period or 0):
        return False
    connection.execute(sa.update(staff_members).where(m.id == member_id).values(totp_period=period))
    return True


def recovery_left(connection: Connection, member_id: str) -> int:
    """How many recovery codes are unused."""
    hashes: Sequence[str] | None = connection.scalar(
        sa.select(staff_members.c.recovery_hashes).where(staff_members.c.id == member_id)
    )
    return len(hashes or ())


def tidy(code: str) -> str:
    """A code as it was meant: people type spaces and dashes."""
    return "".join(each for each in code.lower() if each.isalnum())


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(RECOVERY_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, RECOVERY_LENGTH, 4))


def _box(key: str) -> Fernet:
    """Encrypts what must be read again, with a key that is derived from the server's secret and kept nowhere."""
    derived = hashlib.blake2b(key.encode(), digest_size=32, person=b"relais-2factor").digest()
    return Fernet(base64.urlsafe_b64encode(derived))


def _opened(key: str, kept: str | None) -> str | None:
    """The shared secret; None when there is none, or when the server's secret is another one now."""
    try:
        return None if kept is None else _box(key).decrypt(kept.encode()).decode()
    except InvalidToken:
        return None
