"""What becomes of a business's message, step by step, and how the server is told of it. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

type StatusName = Literal["sent", "delivered", "read", "played", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusStep:
    status: StatusName
    after_seconds: float = 0.0  # counted from the moment the message was taken
    code: int | None = None  # of a failure; 131000 when left out
    times: int = 1  # how often the server is told


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPlan:
    """The steps in the order of their webhooks, which may be any order."""

    steps: Sequence[StatusStep]
    before_answer: bool = False  # the webhooks arrive before the HTTP response of the send
    contacts: bool = True  # False: as before the rollout of user ids
    pricing: bool = True
    conversation: bool = False  # True: as before per-message pricing


# Every emulated phone is switched on and has a network.
USUAL = StatusPlan(steps=(StatusStep(status="sent"), StatusStep(status="delivered")))
SENT_ONLY = StatusPlan(steps=(StatusStep(status="sent"),))


def failing(code: int) -> StatusPlan:
    return StatusPlan(steps=(StatusStep(status="failed", code=code),))
