"""Stamps: a turn's place in time as one whole number, so that lists, searches and dates share one order. Pure.

A turn's id is a UUIDv7: its first 48 bits are the millisecond in which its message was kept. The stamp is that, and the
next bits of the id to tell turns of the same millisecond apart; 63 bits in all, what a database's integer holds.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

BITS_BELOW: Final = 15
"""Of a stamp, below the millisecond: 63 bits of an integer less 48 of a UUIDv7 (RFC 9562, §5.7)."""

_TAIL: Final = 62
"""Random bits at the end of a UUIDv7."""


def stamp_of(turn_id: str) -> int:
    """The stamp of a turn; two of them may fall together, then whoever keeps the second takes the next free one."""
    whole = UUID(turn_id).int
    millisecond = whole >> 80
    # After the version come 12 bits, after the variant the tail: of both together, the first fifteen.
    within = (whole >> 64 & 0xFFF) << 3 | (whole & (1 << _TAIL) - 1) >> (_TAIL - 3)
    return millisecond << BITS_BELOW | within


def first_stamp_at(moment: datetime) -> int:
    """No turn that was kept before this moment has a greater stamp, and none kept from then on a smaller one."""
    return int(moment.timestamp() * 1000) << BITS_BELOW


def moment_of(stamp: int) -> datetime:
    """When the turn of this stamp was kept, to the millisecond."""
    return datetime.fromtimestamp((stamp >> BITS_BELOW) / 1000, UTC)
