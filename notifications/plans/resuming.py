"""Walks plans on that had to wait: many at once, in one transaction, each from where it stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans import digests, due, versions
from notifications.plans.due import Claimed
from notifications.plans.people import business_of, people
from notifications.plans.plan import Business, Plan, Sent, State, Who, read_plan_key
from notifications.plans.routing import BadRouting, steps_of
from notifications.plans.walk import Decision, Walked, walk
from notifications.plans.writing import Step, call_back, decide, queue_messages
from notifications.ports import ReplyTokens
from notifications.status import Status
from notifications.tables import messages, notifications
from notifications.workflows import WorkflowError, read_anchor
from storage.clock import database_now
from telemetry.tracing import tracing

CALLED_BACK = "The plan went on without it."


def resume(connection: Connection, claimed: Sequence[Claimed], tokens: ReplyTokens) -> bool:
    """Walk those that are still ours; whether messages were queued.

    The rows of the plans are held first, then those of their messages: a report that comes meanwhile waits, and then
    finds what was decided here (see `news`).
    """
    now: datetime = connection.scalar(sa.select(database_now()))
    rows = due.locked(connection, claimed)
    sent = _sent(connection, [row.id for row in rows])
    by_business: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_business[row.business_id].append(row)
    queued = False
    for business_id, ours in by_business.items():
        resumed = _Resumed(connection, business_of(connection, business_id), sent, tokens, now)
        queued = resumed.walk(ours) or queued
    return queued


@dataclass(frozen=True, slots=True)
class _Resumed:
    """The plans of one business, walked together."""

    connection: Connection
    business: Business
    sent: Mapping[str, Sequence[Sent]]
    tokens: ReplyTokens
    now: datetime

    def walk(self, rows: Sequence[Any]) -> bool:
        waiting = self._waiting_for_others(rows)
        plans, ends = self._plans([row for row in rows if row.id not in waiting])
        steps = self._steps(plans)
        for step in steps:
            call_back(self.connection, step.walked.call_back, CALLED_BACK, self.now)
        queued = queue_messages(self.connection, self.business, steps, self.tokens, self.now)
        self._write(waiting | ends | {step.plan.id: step.walked for step in steps})
        entering = [step for step in steps if step.walked.gather is not None]
        entered = {each.plan.id: digests.enter(self.connection, each.plan, each.walked, self.now) for each in entering}
        self._decide(ends | {step.plan.id: step.walked for step in steps} | entered)
        return bool(queued)

    def _waiting_for_others(self, rows: Sequence[Any]) -> dict[str, Walked]:
        """Those whose digest still gathers. Where its time is over it is closed, before anybody looks into it."""
        waiting = {}
        for row in rows:
            digest = row.progress.get("digest")
            if digest is None or digest["position"] != row.position:
                continue
            open_until = digests.close(self.connection, digest["bucket"], self.now)
            if open_until is not None:
                waiting[row.id] = Walked(
                    state=State.ACTIVE, position=row.position, progress=row.progress, next_at=open_until
                )
        return waiting

    def _plans(self, rows: Sequence[Any]) -> tuple[list[Plan], dict[str, Walked]]:
        """The plans that can be walked, and the ends of those that cannot."""
        gathered = digests.events(self.connection, [bucket for row in rows if (bucket := _bucket(row))])
        plans: list[Plan] = []
        ends: dict[str, Walked] = {}
        for row in rows:
            try:
                workflow = versions.kept(self.connection, row.version_id)
                plan = _plan(row, workflow, steps_of(workflow, row.routing), gathered.get(_bucket(row) or "", ()))
                if row.anchor:
                    plan = replace(plan, anchor=read_anchor(row.anchor, self.business.facts.timezone))
            except (WorkflowError, BadRouting) as error:
                ends[row.id] = _failed(row.position, row.progress, str(error))
            else:
                plans.append(plan)
        return plans, ends

    def _steps(self, plans: Sequence[Plan]) -> list[Step]:
        uses_webhooks = any("webhook" in plan.workflow.channels for plan in plans)
        everybody = (plan.subscriber_id for plan in plans)
        known = people(self.connection, self.business, everybody, uses_webhooks=uses_webhooks)
        return [
            Step(plan=plan, who=who, walked=self._walk(plan, who))
            for plan in plans
            for who in [known[plan.subscriber_id]]
        ]

    def _walk(self, plan: Plan, who: Who) -> Walked:
        try:
            with tracing.span("walk", plan.id, lambda: {"workflow": plan.workflow.key, "position": plan.position}):
                return walk(plan, who, self.business, self.sent.get(plan.id, ()), self.now)
        except WorkflowError as error:
            return _failed(plan.position, plan.progress, str(error))

    def _write(self, walked: Mapping[str, Walked]) -> None:
        if not walked:
            return
        rows = [
            {
                "of": plan_id,
                "state": each.state,
                "position": each.position,
                "progress": dict(each.progress),
                "next_at": each.next_at,
                "finished_at": None if each.state is State.ACTIVE else self.now,
                "error": each.decisions[-1].reason if each.state is State.FAILED else None,
            }
            for plan_id, each in walked.items()
        ]
        self.connection.execute(_GO_ON, rows)

    def _decide(self, walked: Mapping[str, Walked]) -> None:
        told = [
            (plan_id, self.business.id, decision) for plan_id, each in walked.items() for decision in each.decisions
        ]
        decide(self.connection, told, self.now)


def _plan(row: Any, workflow: Any, steps: Any, gathered: Sequence[Any]) -> Plan:
    """What a digest gathered is told as long as one of it is worth telling."""
    ends = [each.expires_at for each in gathered]
    expires_at = row.expires_at if not ends else None if None in ends else max(ends)
    return Plan(
        id=row.id,
        business_id=row.business_id,
        subscriber_id=row.subscriber_id,
        workflow=workflow,
        steps=steps,
        category=row.category,
        lane=row.lane,
        payload=row.payload,
        events=[each.payload for each in gathered],
        group_key=row.group_key,
        group_rank=row.group_rank,
        expires_at=expires_at,
        is_test=row.is_test,
        position=row.position,
        progress=row.progress,
    )


def _sent(connection: Connection, ids: Sequence[str]) -> dict[str, list[Sent]]:
    """What each plan has queued so far, held until the transaction ends."""
    if not ids:
        return {}
    m = messages.c
    found: defaultdict[str, list[Sent]] = defaultdict(list)
    rows = connection.execute(
        sa.select(m.id, m.notification_id, m.plan_key, m.channel, m.status, m.error_code, m.replied_at)
        .where(m.notification_id.in_(ids), m.plan_key.is_not(None))
        .order_by(m.id)
        .with_for_update()
    )
    for row in rows:
        position, rung, part = read_plan_key(row.plan_key)
        found[row.notification_id].append(
            Sent(
                id=row.id,
                position=position,
                rung=rung,
                part=part,
                channel=row.channel,
                status=Status(row.status),
                error_code=row.error_code,
                is_replied=row.replied_at is not None,
            )
        )
    return found


def _bucket(row: Any) -> str | None:
    digest = row.progress.get("digest")
    return None if digest is None else str(digest["bucket"])


def _failed(position: int, progress: Mapping[str, Any], reason: str) -> Walked:
    decision = Decision(decision="failed", reason=reason)
    return Walked(state=State.FAILED, position=position, progress=progress, next_at=None, decisions=(decision,))


_GO_ON = (
    sa.update(notifications)
    .where(notifications.c.id == sa.bindparam("of"))
    .values(
        state=sa.bindparam("state"),
        position=sa.bindparam("position"),
        progress=sa.bindparam("progress"),
        next_at=sa.bindparam("next_at"),
        finished_at=sa.bindparam("finished_at"),
        error=sa.bindparam("error"),
        lease_until=None,
        failures=0,
    )
)
