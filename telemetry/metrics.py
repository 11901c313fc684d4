"""The numbers of a process, by Prometheus's rules: each is counted where it happens, and read at GET /metrics.

Labels are words of closed lists: never a person, a number, a template or an id, which would make a series of each.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY: Final = CollectorRegistry()
"""Ours alone, so that a library's numbers are not told as ours."""

_QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PATIENT: Final = (*_QUICK, 30.0, 60.0, 300.0, 1800.0, 7200.0)

HTTP_SECONDS: Final = Histogram(
    "relais_http_request_seconds",
    "How long requests to our ports took, by route.",
    ["port", "method", "route", "status"],
    registry=REGISTRY,
    buckets=_QUICK,
)
WEBHOOK_SECONDS: Final = Histogram(
    "relais_webhook_keep_seconds",
    "How long a webhook waited until what it brought was committed.",
    registry=REGISTRY,
    buckets=_QUICK,
)
TURN_SECONDS: Final = Histogram(
    "relais_turn_seconds",
    "How long a turn took from its claim to its end.",
    registry=REGISTRY,
    buckets=_QUICK,
)
TURN_PROBLEMS: Final = Counter(
    "relais_turn_problems",
    "Turns that were not answered at their first try: the bot was away, refused or failed, or the result came late.",
    ["problem"],
    registry=REGISTRY,
)
TURN_WAIT_SECONDS: Final = Histogram(
    "relais_turn_wait_seconds",
    "How long a message waited for its turn to begin.",
    registry=REGISTRY,
    buckets=_PATIENT,
)
SEND_SECONDS: Final = Histogram(
    "relais_send_seconds",
    "How long a provider took with a message, by what it said.",
    ["channel", "provider", "outcome"],
    registry=REGISTRY,
    buckets=_QUICK,
)
SEND_WAIT_SECONDS: Final = Histogram(
    "relais_send_wait_seconds",
    "How long a message stood in the queue beyond the moment it was due, until it was handed to its provider.",
    ["lane"],
    registry=REGISTRY,
    buckets=_PATIENT,
)
RECEIPTS: Final = Counter(
    "relais_receipts",
    "Providers' reports about messages, by what they said; repeated ones too.",
    ["provider", "status"],
    registry=REGISTRY,
)
RECEIPT_LAG_SECONDS: Final = Histogram(
    "relais_receipt_lag_seconds",
    "How much later than it happened a report reached us.",
    ["provider"],
    registry=REGISTRY,
    buckets=_PATIENT,
)

QUEUED: Final = Gauge("relais_queued_messages", "Messages that are due and have not left.", ["lane"], registry=REGISTRY)
QUEUE_AGE_SECONDS: Final = Gauge(
    "relais_queue_oldest_seconds", "How long the oldest of them is overdue.", ["lane"], registry=REGISTRY
)
IN_FLIGHT: Final = Gauge(
    "relais_messages_in_flight", "Messages whose end is not known yet.", ["status"], registry=REGISTRY
)
DEAD_LETTERS: Final = Gauge(
    "relais_dead_letters", "Failed messages that nobody replayed or dropped.", ["channel"], registry=REGISTRY
)
PLANS_DUE: Final = Gauge("relais_plans_due", "Notifications whose next step is due.", registry=REGISTRY)
PLANS_AGE_SECONDS: Final = Gauge(
    "relais_plans_oldest_seconds", "How long the oldest of them is overdue.", registry=REGISTRY
)
TURNS_WAITING: Final = Gauge("relais_turns_waiting", "Messages of people that wait for an answer.", registry=REGISTRY)
TURNS_AGE_SECONDS: Final = Gauge(
    "relais_turns_oldest_seconds", "How long the oldest of them has waited.", registry=REGISTRY
)
TURNS_PARKED: Final = Gauge("relais_turns_parked", "Turns that were given up.", registry=REGISTRY)
REVIEW_WAITING: Final = Gauge(
    "relais_review_waiting", "Turns that ended and are not in the desk's lists yet.", registry=REGISTRY
)
REVIEW_LAG_SECONDS: Final = Gauge(
    "relais_review_lag_seconds", "How long the oldest of them has waited.", registry=REGISTRY
)
FIGURES_HOURS: Final = Gauge(
    "relais_figures_hours_due", "Hours that are to be counted for the desk's overview.", registry=REGISTRY
)
FIGURES_LAG_SECONDS: Final = Gauge(
    "relais_figures_lag_seconds", "How long the count of the hour that lasts is overdue.", registry=REGISTRY
)
HANDOFFS_WAITING: Final = Gauge("relais_handoffs_waiting", "Talks that wait for a human.", registry=REGISTRY)
INBOX_LINES: Final = Gauge(
    "relais_inbox_lines", "Live lines to people's in-app inboxes that this process holds open.", registry=REGISTRY
)
STOPS: Final = Gauge("relais_stops", "Numbers of ours from which nothing is sent now.", registry=REGISTRY)
PROVIDER_STOPPED: Final = Gauge(
    "relais_provider_stopped",
    "Providers that refuse us or do not answer, and channels of which none answers: why each is left alone.",
    ["provider", "why"],
    registry=REGISTRY,
)

PART_AWAY: Final = Gauge(
    "relais_part_away",
    "1 for a part of the house, or one beside it, that does not answer.",
    ["part"],
    registry=REGISTRY,
)
FAILED_SHARE: Final = Gauge(
    "relais_failed_share",
    "Of the messages that left in this hour and the last, the share that failed; told from twenty on.",
    ["channel"],
    registry=REGISTRY,
)
DEAD_LETTERS_LATELY: Final = Gauge(
    "relais_dead_letters_lately",
    "Those of the dead letters that were made within an hour.",
    ["channel"],
    registry=REGISTRY,
)
TURNS_PARKED_LATELY: Final = Gauge(
    "relais_turns_parked_lately", "Those of the turns given up that came within an hour.", registry=REGISTRY
)
NUMBERS_WORRYING: Final = Gauge(
    "relais_numbers_worrying",
    "Numbers of ours with a bad quality, or a status that limits them.",
    ["what"],
    registry=REGISTRY,
)
TEMPLATES_STOPPED: Final = Gauge(
    "relais_templates_stopped", "Templates that Meta paused, disabled or rejected.", ["state"], registry=REGISTRY
)
ENDPOINTS_FAILING: Final = Gauge(
    "relais_webhook_endpoints_failing",
    "Webhooks to businesses that fail, or failed until they were switched off.",
    registry=REGISTRY,
)
DISK_FREE_SHARE: Final = Gauge(
    "relais_disk_free_share", "The free share of the disk that holds our data.", registry=REGISTRY
)
TOKEN_AGE_SECONDS: Final = Gauge(
    "relais_token_age_seconds", "How old our oldest access token for WhatsApp is.", registry=REGISTRY
)
TOKEN_LEFT_SECONDS: Final = Gauge(
    "relais_token_left_seconds",
    "Until the first of our access tokens for WhatsApp ends; +Inf where none does.",
    registry=REGISTRY,
)
TOKENS_REFUSED: Final = Gauge("relais_tokens_refused", "Access tokens that Meta calls not valid.", registry=REGISTRY)
