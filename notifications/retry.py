"""What to do after a failed send. Pure: the random part of a pause is an argument."""

MAX_FAILURES = 3
"""Tries of a message at a provider that answers with a passing error."""

FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0
MOST_DOUBLINGS = 10

UNKNOWN_SECONDS = 60.0
"""How long a receipt is waited for after an answer was lost, before the message may be sent once more."""


def pause_seconds(tries: int, jitter: float, retry_after_seconds: float | None = None) -> float:
    """The pause after the n-th try: doubling, spread by `jitter` in [0, 1), never under Retry-After."""
    doubled = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(tries - 1, MOST_DOUBLINGS))
    return max(doubled * (0.5 + jitter), retry_after_seconds or 0.0)


def may_resend(category: str, resends: int) -> bool:
    """Whether a message whose fate is unknown may go once more. Marketing never: twice is worse than never."""
    return category != "marketing" and resends == 0
