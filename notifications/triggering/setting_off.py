"""Sets workflows off inside somebody's transaction: triggers become notifications, and their first steps are walked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans import digests, versions
from notifications.plans.moving import Move, Moved, move
from notifications.plans.people import business_of, people
from notifications.plans.plan import Business, Plan, State, Who
from notifications.plans.superseding import supersede
from notifications.plans.walk import Decision, Walked, walk
from notifications.plans.writing import Step, decide, queue_messages
from notifications.ports import Merging, ReplyTokens
from notifications.tables import notifications
from notifications.triggering.checking import Checked, check
from notifications.triggering.errors import BadPayload, TriggerError
from notifications.triggering.meeting import meet
from notifications.triggering.trigger import Trigger, Triggered
from notifications.workflows import CannotRender, Facts, Problem, Workflow, group_of, read_anchor
from storage.clock import database_now
from storage.insert import insert_all
from storage.types import new_id
from telemetry.tracing import tracing

type Workflows = Callable[[str], Mapping[str, Workflow]]
"""The workflows of a business, by its slug, each by its key."""

type Outcome = Triggered | TriggerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What setting off needs beside the database."""

    workflows: Workflows
    tokens: ReplyTokens
    merge: Merging


def set_off(connection: Connection, triggers: Sequence[Trigger], tools: Tools) -> list[Outcome]:
    """Make notifications of triggers, each or none; what came of each, in their order.

    Wake the topics "messages" and "plans" after the commit.
    """
    now: datetime = connection.scalar(_NOW)
    outcomes: dict[int, Outcome] = {}
    for business_id in dict.fromkeys(each.business_id for each in triggers):
        ours = {index: each for index, each in enumerate(triggers) if each.business_id == business_id}
        outcomes |= _Batch(connection, business_of(connection, business_id), tools, now).set_off(ours)
    return [outcomes[index] for index in range(len(triggers))]


_NOW = sa.select(database_now())


@dataclass(slots=True)
class _Begun:
    """A trigger on its way to become a notification."""

    index: int
    checked: Checked
    plan: Plan
    who: Who
    trigger_id: str
    walked: Walked | None = None


class _Batch:
    """The triggers of one business, set off together."""

    def __init__(self, connection: Connection, business: Business, tools: Tools, now: datetime) -> None:
        self._connection = connection
        self._business = business
        self._tools = tools
        self._now = now
        self._outcomes: dict[int, Outcome] = {}

    def set_off(self, triggers: Mapping[int, Trigger]) -> dict[int, Outcome]:
        begun = self._begin(self._move(self._meet(self._check(triggers))))
        refused = supersede(self._connection, self._business.id, [each.plan for each in begun], self._now)
        begun = [each for each in begun if self._walk(each, refused.get(each.plan.id))]
        self._insert(begun)
        self._gather(begun)
        steps = [Step(plan=each.plan, who=each.who, walked=each.walked) for each in begun if each.walked is not None]
        queued = queue_messages(self._connection, self._business, steps, self._tools.tokens, self._now)
        decisions = [
            (step.plan.id, self._business.id, decision) for step in steps for decision in step.walked.decisions
        ]
        decide(self._connection, decisions, self._now)
        for each in begun:
            self._outcomes[each.index] = Triggered(
                notification_id=each.plan.id,
                subscriber_id=each.plan.subscriber_id,
                trigger_id=each.trigger_id,
                state=_walked(each).state,
                message_ids=tuple(queued.get(each.plan.id, ())),
            )
        return self._outcomes

    def _check(self, triggers: Mapping[int, Trigger]) -> list[tuple[int, Checked]]:
        workflows = self._tools.workflows(self._business.slug)
        checked = []
        for index, trigger in triggers.items():
            try:
                checked.append((index, check(trigger, workflows, self._now)))
            except TriggerError as error:
                self._outcomes[index] = error
        return checked

    def _meet(self, checked: Sequence[tuple[int, Checked]]) -> list[tuple[int, Checked, str]]:
        recipients = [each.trigger.to for _, each in checked]
        met = meet(self._connection, self._business, recipients, self._tools.merge, self._now) if checked else []
        known = []
        for (index, each), person in zip(checked, met, strict=True):
            if isinstance(person, TriggerError):
                self._outcomes[index] = person
            else:
                known.append((index, each, person))
        return known

    def _move(self, known: Sequence[tuple[int, Checked, str]]) -> list[tuple[int, Checked, str]]:
        """What is triggered again with its key, and hangs on what is under way already, moves that."""
        new = []
        for index, checked, person in known:
            trigger = checked.trigger
            moved = self._moved(trigger, person) if trigger.anchor and trigger.cancellation_key else None
            if moved is None:
                new.append((index, checked, person))
                continue
            self._outcomes[index] = Triggered(
                notification_id=moved.notification_id,
                subscriber_id=moved.subscriber_id,
                trigger_id=moved.trigger_id,
                state=State.ACTIVE,
                message_ids=(),
                is_moved=moved.is_moved,
            )
        return new

    def _moved(self, trigger: Trigger, person: str) -> Moved | None:
        wish = Move(
            key=trigger.cancellation_key or "",
            anchor=trigger.anchor or {},
            payload=trigger.payload,
            workflow=trigger.workflow,
            subscriber_id=person,
            is_test=trigger.is_test,
        )
        moved = move(self._connection, self._business.id, self._business.facts.timezone, wish, self._now)
        return moved[0] if moved else None

    def _begin(self, known: Sequence[tuple[int, Checked, str]]) -> list[_Begun]:
        if not known:
            return []
        uses_webhooks = any("webhook" in each.workflow.channels for _, each, _ in known)
        found = people(self._connection, self._business, (person for *_, person in known), uses_webhooks=uses_webhooks)
        begun = []
        for index, checked, person in known:
            try:
                begun.append(self._begun(index, checked, found[person]))
            except CannotRender as error:
                self._outcomes[index] = _bad_payload(error)
        return begun

    def _begun(self, index: int, checked: Checked, who: Who) -> _Begun:
        trigger, workflow = checked.trigger, checked.workflow
        group_key = None
        if workflow.group is not None:
            facts = Facts(person=who.person, business=self._business.facts, payload=trigger.payload)
            group_key = group_of(workflow, facts)
        plan = Plan(
            id=new_id(),
            business_id=trigger.business_id,
            subscriber_id=who.subscriber_id,
            workflow=workflow,
            steps=checked.steps,
            category=checked.category,
            lane=checked.lane,
            payload=trigger.payload,
            group_key=group_key,
            group_rank=workflow.rank if group_key is not None else None,
            expires_at=checked.expires_at,
            is_test=trigger.is_test,
            anchor=read_anchor(trigger.anchor, self._business.facts.timezone) if trigger.anchor else None,
        )
        return _Begun(index, checked, plan, who, trigger.trigger_id or new_id())

    def _walk(self, begun: _Begun, refused: str | None) -> bool:
        """Whether it can be told."""
        if refused is not None:
            begun.walked = Walked(
                state=State.SUPERSEDED,
                position=0,
                progress={},
                next_at=None,
                decisions=(Decision(decision="superseded", reason=refused),),
            )
            return True
        try:
            trigger = begun.checked.trigger
            about = {"workflow": trigger.workflow, "source": trigger.source, "trigger.id": begun.trigger_id}
            with tracing.span("notify", begun.plan.id, lambda: about, follows=trigger.trace):
                begun.walked = walk(begun.plan, begun.who, self._business, (), self._now)
        except CannotRender as error:
            self._outcomes[begun.index] = _bad_payload(error)
        return begun.walked is not None

    def _insert(self, begun: Sequence[_Begun]) -> None:
        used = {each.checked.workflow.key: each.checked.workflow for each in begun}
        pinned = {
            key: versions.pin(self._connection, self._business.id, workflow, self._now)
            for key, workflow in used.items()
        }
        rows = [_row(each, pinned[each.checked.workflow.key], self._now) for each in begun]
        insert_all(self._connection, notifications, rows)

    def _gather(self, begun: Sequence[_Begun]) -> None:
        """Open or join the buckets of those that stand before a digest."""
        standing = [each for each in begun if _walked(each).gather is not None]
        # In one order for everybody: two requests may fill the same buckets.
        for each in sorted(standing, key=lambda one: (one.plan.subscriber_id, one.plan.workflow.key, one.plan.id)):
            each.walked = digests.enter(self._connection, each.plan, _walked(each), self._now)


def _walked(begun: _Begun) -> Walked:
    assert begun.walked is not None  # noqa: S101 - those that could not be walked are gone
    return begun.walked


def _bad_payload(error: CannotRender) -> BadPayload:
    return BadPayload([Problem(field=error.where, problem=error.problem)])


def _row(begun: _Begun, version_id: str, now: datetime) -> dict[str, Any]:
    """The columns that say something; others stay null."""
    plan, trigger, walked = begun.plan, begun.checked.trigger, _walked(begun)
    row: dict[str, Any] = {
        "id": plan.id,
        "business_id": plan.business_id,
        "version_id": version_id,
        "workflow": plan.workflow.key,
        "subscriber_id": plan.subscriber_id,
        "trigger_id": begun.trigger_id,
        "source": trigger.source,
        "category": plan.category,
        "lane": plan.lane,
        "payload": trigger.payload,
        "state": walked.state,
        "position": walked.position,
        "progress": walked.progress,
        "is_test": plan.is_test,
        "created_at": now,
    }
    said = {
        "api_key_id": trigger.api_key_id,
        "broadcast_id": trigger.broadcast_id,
        "routing": trigger.routing,
        "anchor": trigger.anchor,
        "cancellation_key": trigger.cancellation_key,
        "group_key": plan.group_key,
        "group_rank": plan.group_rank,
        "next_at": walked.next_at,
        "expires_at": plan.expires_at,
        "finished_at": None if walked.state is State.ACTIVE else now,
    }
    return row | {name: value for name, value in said.items() if value is not None}
