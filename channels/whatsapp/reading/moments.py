"""Meta's timestamps: unix seconds or milliseconds, as a string or a number."""

from datetime import UTC, datetime, timedelta
from typing import Final

from channels.whatsapp.json_object import JsonObject, WrongShape

FIRST_MILLISECONDS: Final = 100_000_000_000
"""A timestamp from here on counts milliseconds: as seconds it would lie after the year 5000."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(members: JsonObject, name: str) -> datetime:
    stamp = members.numeral(name)
    try:
        seconds = stamp / 1000 if stamp >= FIRST_MILLISECONDS else stamp
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise WrongShape(members.path(name), "is not a moment") from None


def moment_or_none(members: JsonObject, name: str) -> datetime | None:
    """A moment beside the point, which may also be written out: absent or odd, it does not break its item."""
    try:
        return moment(members, name)
    except WrongShape:
        return _written_out(members.text(name) or "")


def _written_out(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
