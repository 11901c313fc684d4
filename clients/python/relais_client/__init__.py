"""Tells Relais what happened in your system, so that your customers hear of it.

>>> from relais_client import Relais
>>> relais = Relais("http://127.0.0.1:8081", key="rk_live_…")
>>> relais.on_mission_status_changed(mission)
"""

from relais_client._asking import To
from relais_client._clients import VERSION, AsyncRelais, Relais
from relais_client._errors import (
    BadAnswer,
    BadSignature,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
    NotReached,
    Refused,
    RelaisError,
    TooLate,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    UnderWay,
)
from relais_client._people import Decided
from relais_client._retrying import Retries
from relais_client._values import (
    Accepted,
    Address,
    BulkResult,
    BulkResults,
    Decision,
    Entry,
    Message,
    MovedOn,
    Notification,
    NotificationStory,
    Notified,
    Person,
    Preference,
    Rehearsal,
    RehearsedMessage,
    SentTemplate,
    Story,
    Subscriber,
    Taken,
    TakenBack,
    TakenForOther,
)
from relais_client._webhooks import WebhookEvent, verify_webhook

__version__ = VERSION

__all__ = [
    "Accepted",
    "Address",
    "AsyncRelais",
    "BadAnswer",
    "BadSignature",
    "BulkResult",
    "BulkResults",
    "Conflict",
    "Decided",
    "Decision",
    "Entry",
    "FieldError",
    "Forbidden",
    "Invalid",
    "KeyReused",
    "Message",
    "MovedOn",
    "NotFound",
    "NotReached",
    "Notification",
    "NotificationStory",
    "Notified",
    "Person",
    "Preference",
    "Refused",
    "Rehearsal",
    "RehearsedMessage",
    "Relais",
    "RelaisError",
    "Retries",
    "SentTemplate",
    "Story",
    "Subscriber",
    "Taken",
    "TakenBack",
    "TakenForOther",
    "To",
    "TooLate",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "UnderWay",
    "WebhookEvent",
    "verify_webhook",
]
