"""The ranks of a message. Reports only ever raise it, so they may come in any order and any number of times."""

from enum import StrEnum


class Status(StrEnum):
    """Where a message stands; members are in order of rank."""

    #: waits for its turn
    QUEUED = "queued"
    #: a worker is handing it to the provider
    SENDING = "sending"
    #: it left, and the provider's answer was lost
    UNKNOWN = "unknown"
    #: the provider accepted it
    SENT = "sent"
    #: the provider says that it will not arrive
    FAILED = "failed"
    #: it is on the person's phone
    DELIVERED = "delivered"
    #: the person saw it
    READ = "read"
    #: taken back before it left
    CANCELLED = "cancelled"
    #: its time was over before it left
    EXPIRED = "expired"
    #: the gate said no
    SKIPPED = "skipped"


RANKED = (
    Status.QUEUED,
    Status.SENDING,
    Status.UNKNOWN,
    Status.SENT,
    Status.FAILED,
    Status.DELIVERED,
    Status.READ,
)

FROM_WHATSAPP = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "played": Status.READ,
    "failed": Status.FAILED,
}
"""WhatsApp's words for a receipt; others (deleted, warning, later ones) are kept and change nothing."""


def below(status: Status) -> tuple[Status, ...]:
    """Every status that a report of this one may replace."""
    return RANKED[: RANKED.index(status)]
