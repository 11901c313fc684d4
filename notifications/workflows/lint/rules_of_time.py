"""Rules of time: no step or rung waits for so long that nothing may be sent any more."""

from collections.abc import Iterator
from datetime import timedelta

from notifications.workflows.lint.finding import Finding
from notifications.workflows.workflow import Delay, Digest, Ladder, Workflow


def rules_of_time(workflow: Workflow) -> Iterator[Finding]:
    """Only lengths are counted; a delay until a moment may be over at once."""
    if workflow.expires_after is None:
        return
    waited = timedelta()
    for index, step in enumerate(workflow.steps):
        match step:
            case Delay(for_=timedelta() as length) | Digest(window=length):
                waited += length
                if waited >= workflow.expires_after:
                    yield _too_late(workflow, f"steps.{index}")
            case Ladder(rungs=rungs):
                until = waited
                for place, rung in enumerate(rungs):
                    if until >= workflow.expires_after:
                        yield _too_late(workflow, f"steps.{index}.ladder.{place}")
                    until += rung.fallback_after or timedelta()


def _too_late(workflow: Workflow, field: str) -> Finding:
    return Finding(
        workflow=workflow.key,
        field=field,
        rule="too_late",
        problem="is reached when the notification has expired",
        remedy="Wait for a shorter time, or raise expires_after",
    )
