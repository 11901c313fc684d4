"""The tables of everything that leaves: messages, receipts, plans, consent, keys, and what is kept of WhatsApp."""

from notifications.tables.access import api_keys, idempotency_keys, webhook_endpoints
from notifications.tables.consents import consents
from notifications.tables.messages import (
    HAS_FAILED,
    IS_DEAD,
    IS_IN_FLIGHT,
    IS_INAPP,
    IS_PUSHED,
    IS_QUEUED,
    IS_UNSETTLED,
    message_decisions,
    messages,
    receipts,
)
from notifications.tables.outages import outages
from notifications.tables.plans import (
    NOTIFICATION_IS_ACTIVE,
    NOTIFICATION_RESTS,
    NOTIFICATION_WENT_ASTRAY,
    backend_events,
    broadcasts,
    digest_buckets,
    digest_items,
    notification_decisions,
    notifications,
    topic_members,
    topics,
    workflow_versions,
)
from notifications.tables.whatsapp import number_health, number_stops, templates, uploaded_media

__all__ = [
    "HAS_FAILED",
    "IS_DEAD",
    "IS_INAPP",
    "IS_IN_FLIGHT",
    "IS_PUSHED",
    "IS_QUEUED",
    "IS_UNSETTLED",
    "NOTIFICATION_IS_ACTIVE",
    "NOTIFICATION_RESTS",
    "NOTIFICATION_WENT_ASTRAY",
    "api_keys",
    "backend_events",
    "broadcasts",
    "consents",
    "digest_buckets",
    "digest_items",
    "idempotency_keys",
    "message_decisions",
    "messages",
    "notification_decisions",
    "notifications",
    "number_health",
    "number_stops",
    "outages",
    "receipts",
    "templates",
    "topic_members",
    "topics",
    "uploaded_media",
    "webhook_endpoints",
    "workflow_versions",
]
