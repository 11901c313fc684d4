"""Rules of time: no step or rung waits for so long that nothing may be sent any more."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from notifications.workflows.lint.finding import Finding
from notifications.workflows.workflow import Delay, Digest, Ladder, Send, Step, Workflow

NIGHT: Final = timedelta(hours=12)
"""What people may have to sleep, and a business may name."""


def rules_of_time(workflow: Workflow) -> Iterator[Finding]:
    """Only lengths are counted; a delay until a moment may be over at once."""
    yield from _rules_of_night(workflow)
    yield from _rules_of_anchors(workflow)
    if workflow.expires_after is None:
        return
    waited = timedelta()
    for index, step in enumerate(workflow.steps):
        match step:
            case Delay(for_=timedelta()) | Digest():
                waited += _length(step)
                if waited >= workflow.expires_after:
                    yield _too_late(workflow, f"steps.{index}")
            case Ladder(rungs=rungs):
                until = waited
                for place, rung in enumerate(rungs):
                    if until >= workflow.expires_after:
                        yield _too_late(workflow, f"steps.{index}.ladder.{place}")
                    until += rung.fallback_after or timedelta()


def _rules_of_night(workflow: Workflow) -> Iterator[Finding]:
    if workflow.category == "marketing" and workflow.quiet == "ignore":
        yield Finding(
            workflow=workflow.key,
            field="quiet_hours",
            rule="wakes",
            problem="are ignored by marketing: people who are woken by it report it as spam",
            remedy="Take quiet_hours away",
        )
    if workflow.quiet == "heed" and workflow.expires_after is not None and workflow.expires_after < NIGHT:
        yield Finding(
            workflow=workflow.key,
            field="expires_after",
            rule="over_by_morning",
            problem="is shorter than a night, for whose end it waits",
            remedy="Raise expires_after to 12h or more, or take quiet_hours away",
        )


def _rules_of_anchors(workflow: Workflow) -> Iterator[Finding]:
    """What counts from before an anchor, and then waits until after it, is never said."""
    left: timedelta | None = None
    for index, step in enumerate(workflow.steps):
        match step:
            case Delay(around=timedelta() as around) if around < timedelta():
                left = -around
            case Delay() if step.is_for_a_moment:
                left = None
            case _ if left is not None:
                left -= _length(step)
                if left <= timedelta() and isinstance(step, Send | Ladder):
                    yield Finding(
                        workflow=workflow.key,
                        field=f"steps.{index}",
                        rule="too_late",
                        problem="is reached when what it is to be said before has begun",
                        remedy="Wait for a shorter time, or count from the anchor: delay: {after: 2h}",
                    )


def _length(step: Step) -> timedelta:
    """How long a step holds up what follows it. A ladder may end at once."""
    match step:
        case Delay(for_=timedelta() as length) | Digest(window=length):
            return length
        case _:
            return timedelta()


def _too_late(workflow: Workflow, field: str) -> Finding:
    return Finding(
        workflow=workflow.key,
        field=field,
        rule="too_late",
        problem="is reached when the notification has expired",
        remedy="Wait for a shorter time, or raise expires_after",
    )
