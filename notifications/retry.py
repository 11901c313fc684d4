"""What becomes of a message after a failed send. Pure: the random part of a pause is an argument."""

from dataclasses import dataclass
from typing import Final

from channels.failures import Remedy
from notifications.lanes import Lane
from notifications.status import Status

MAX_FAILURES: Final = 3
MAX_CRITICAL_FAILURES: Final = 5
"""Tries of a message that is refused without a reason; then it is a dead letter. The product's requirement."""

MAX_FILE_FAILURES: Final = 3
"""Tries of a message with a file: as it is, with the file uploaded anew, and as text."""

MAX_DAYS: Final = 2
"""Tries of a message that WhatsApp wants later."""

FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0
MOST_DOUBLINGS: Final = 10

DAY_SECONDS: Final = 24 * 3600.0
DAY_SPREAD_SECONDS: Final = 3600.0
"""Those who wait for tomorrow do not all come at once."""

PERSON_BASE_SECONDS: Final = 4.0
MOST_PERSON_POWERS: Final = 5

UNKNOWN_SECONDS: Final = 60.0
"""How long a receipt is waited for after an answer was lost, before the message may be sent once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """Where a message stands now."""

    status: Status
    failures: int
    pause_seconds: float = 0.0  # before it may go again, where it is queued


def after(
    remedy: Remedy,
    *,
    failures: int,
    attempt: int,
    lane: str,
    jitter: float,
    retry_after_seconds: float | None = None,
) -> Next:
    """What becomes of a message that failed; `failures` of it before, `attempt` tries with this one.

    Outages, limits and a stopped number are not the message's fault: they count no failure, and its closing window
    ends the waiting.
    """
    match remedy:
        case Remedy.TRY_AGAIN | Remedy.SLOW_NUMBER:
            return _waiting(failures, pause_seconds(attempt, jitter, retry_after_seconds))
        case Remedy.SLOW_PERSON:
            held = PERSON_BASE_SECONDS ** min(attempt, MOST_PERSON_POWERS)
            return _waiting(failures, held if retry_after_seconds is None else retry_after_seconds)
        case Remedy.STOP_NUMBER:
            return _waiting(failures, 0.0)
        case Remedy.STOP_PROVIDER:
            return _waiting(failures, LONGEST_PAUSE_SECONDS * (0.5 + jitter))
        case Remedy.TRY_A_FEW_TIMES:
            pause = pause_seconds(failures + 1, jitter, retry_after_seconds)
            return _counted(failures, MAX_CRITICAL_FAILURES if lane == Lane.CRITICAL else MAX_FAILURES, pause)
        case Remedy.RENEW_FILE:
            return _counted(failures, MAX_FILE_FAILURES, 0.0)
        case Remedy.TOMORROW | Remedy.PAUSE_MARKETING:
            return _counted(failures, MAX_DAYS, DAY_SECONDS + jitter * DAY_SPREAD_SECONDS)
        case _:
            return _over(remedy, failures)


def pause_seconds(tries: int, jitter: float, retry_after_seconds: float | None = None) -> float:
    """The pause after the n-th try: doubling, spread by `jitter` in [0, 1), never under Retry-After."""
    doubled = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(tries - 1, MOST_DOUBLINGS))
    return max(doubled * (0.5 + jitter), retry_after_seconds or 0.0)


def may_resend(category: str, resends: int) -> bool:
    """Whether a message whose fate is unknown may go once more. Marketing never: twice is worse than never."""
    return category != "marketing" and resends == 0


def _over(remedy: Remedy, failures: int) -> Next:
    """What nobody was asked about has not failed."""
    if remedy is Remedy.NOT_OFFERED:
        return Next(status=Status.SKIPPED, failures=failures)
    return Next(status=Status.FAILED, failures=failures + 1)


def _waiting(failures: int, pause: float) -> Next:
    return Next(status=Status.QUEUED, failures=failures, pause_seconds=pause)


def _counted(failures: int, most: int, pause: float) -> Next:
    if failures + 1 >= most:
        return Next(status=Status.FAILED, failures=failures + 1)
    return Next(status=Status.QUEUED, failures=failures + 1, pause_seconds=pause)
