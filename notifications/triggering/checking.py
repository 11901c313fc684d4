"""What a trigger is before anybody is asked: workflow, steps, category, lane, times, or what is wrong. Pure."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.consent import CATEGORIES
from notifications.plans.routing import BadRouting, steps_of
from notifications.triggering.errors import BadPayload, BadTrigger, UnknownWorkflow
from notifications.triggering.trigger import Trigger
from notifications.workflows import Problem, Step, Workflow, check_payload, read_anchor
from notifications.workflows.workflow import LANES

MOST_KEY_CHARACTERS = 255
"""of a cancellation key: that of an Idempotency-Key. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A trigger that can be carried out."""

    trigger: Trigger
    workflow: Workflow
    steps: tuple[Step, ...]
    category: str
    lane: str
    expires_at: datetime | None


def check(trigger: Trigger, workflows: Mapping[str, Workflow], now: datetime) -> Checked:
    """Raises UnknownWorkflow, BadPayload or BadTrigger with everything that is wrong."""
    workflow = workflows.get(trigger.workflow)
    if workflow is None:
        meant = difflib.get_close_matches(trigger.workflow, list(workflows), n=1)
        hint = f"did you mean {meant[0]}" if meant else f"there are {', '.join(sorted(workflows)) or 'none'}"
        raise UnknownWorkflow([Problem(field="workflow", problem=f"is no workflow of this business; {hint}")])
    if wrong := check_payload(workflow, trigger.payload):
        raise BadPayload(wrong)
    if wrong := list(_problems(trigger, workflow, now)):
        raise BadTrigger(wrong)
    try:
        steps = steps_of(workflow, trigger.routing)
    except BadRouting as error:
        raise BadTrigger([error.problem]) from None
    return Checked(
        trigger=trigger,
        workflow=workflow,
        steps=steps,
        category=trigger.category or workflow.category,
        lane=trigger.lane or ("critical" if workflow.critical else workflow.lane),
        expires_at=_earlier(trigger.expires_at, workflow.expires_after, now),
    )


def _problems(trigger: Trigger, workflow: Workflow, now: datetime) -> Iterator[Problem]:
    category, lane = trigger.category, trigger.lane
    if category is not None and category not in (*CATEGORIES, "transactional"):
        yield Problem(field="category", problem=f"is not one of transactional, {', '.join(CATEGORIES)}")
    elif category is not None and workflow.category == "marketing" and category != "marketing":
        yield Problem(field="category", problem="is not marketing, which this workflow is; leave it out")
    if lane is not None and lane not in LANES:
        yield Problem(field="lane", problem=f"is not one of {', '.join(LANES)}")
    elif lane == "critical" and not workflow.critical:
        yield Problem(field="lane", problem="is critical, which this workflow is not; write critical: true into it")
    if category == "marketing" and workflow.critical:
        yield Problem(
            field="category", problem="is marketing, which people may always refuse; this workflow is critical"
        )
    if trigger.expires_at is not None and trigger.expires_at <= now:
        yield Problem(field="expires_at", problem="has passed; name a moment to come, or leave it out")
    yield from _anchor_problems(trigger, workflow)
    if not len(trigger.cancellation_key or "") <= MOST_KEY_CHARACTERS:
        yield Problem(field="cancellation_key", problem=f"is longer than {MOST_KEY_CHARACTERS} characters")


def _anchor_problems(trigger: Trigger, workflow: Workflow) -> Iterator[Problem]:
    if trigger.anchor is not None:
        try:
            read_anchor(trigger.anchor)
        except ValueError as error:
            yield Problem(field="anchor", problem=str(error))
    elif workflow.needs_anchor:
        problem = "is missing; this workflow waits until before or after it: name its type, id and starts_at"
        yield Problem(field="anchor", problem=problem)


def _earlier(wished: datetime | None, after: timedelta | None, now: datetime) -> datetime | None:
    if after is None:
        return wished
    return now + after if wished is None else min(wished, now + after)
