"""Webhooks to a business's own system: where it wants to be told, what, and how that is queued like any message."""

from notifications.hooks.announcing import (
    EVENT_TYPES,
    ORIGIN,
    announce,
    announce_answer,
    announce_handoff,
    announce_test,
)
from notifications.hooks.endpoints import (
    Endpoint,
    change,
    create,
    delete,
    disable,
    find,
    group_of,
    listed,
    rotate,
)

__all__ = [
    "EVENT_TYPES",
    "ORIGIN",
    "Endpoint",
    "announce",
    "announce_answer",
    "announce_handoff",
    "announce_test",
    "change",
    "create",
    "delete",
    "disable",
    "find",
    "group_of",
    "listed",
    "rotate",
]
