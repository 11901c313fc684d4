"""Later news of one thing replaces earlier news that has not left: nobody hears "accepted" after "delivered"."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans import digests
from notifications.plans.plan import Plan, State
from notifications.plans.walk import Decision
from notifications.plans.writing import call_back, decide
from notifications.status import Status
from notifications.tables import messages, notifications
from storage.locks import hold

type _Group = tuple[str, str]
"""Subscriber and group key."""

TOO_LATE: Final = "Later news of the same thing was set off before."


@dataclass(frozen=True, slots=True)
class _Ranked:
    id: str
    workflow: str
    rank: int


def supersede(connection: Connection, business_id: str, plans: Sequence[Plan], now: datetime) -> dict[str, str]:
    """Before these plans begin: which of them are superseded at once, by id, with the reason.

    What earlier triggers have not sent yet of lower ranks is called back in this transaction. A message that a worker
    is handing over at this moment is left.
    """
    ranked = [plan for plan in plans if plan.group_key is not None and plan.group_rank is not None]
    if not ranked:
        return {}
    keys = sorted({str(plan.group_key) for plan in ranked})
    hold(connection, [f"group {business_id} {key}" for key in keys])
    before = _before(connection, business_id, keys)
    newest: dict[_Group, _Ranked] = {}
    for group, rows in before.items():
        last = max(rows, key=lambda row: int(row.group_rank))
        newest[group] = _Ranked(last.id, last.workflow, last.group_rank)
    refused: dict[str, str] = {}
    ours: dict[_Group, _Ranked] = {}
    for plan in ranked:
        group = (plan.subscriber_id, str(plan.group_key))
        this = _Ranked(plan.id, plan.workflow.key, plan.group_rank or 0)
        known = newest.get(group)
        if known is not None and known.rank > this.rank:
            refused[plan.id] = f"{TOO_LATE} ({known.workflow})"
            continue
        if known is not None and known.rank < this.rank and group in ours:
            refused |= {
                each.id: _by(this)
                for each in ranked
                if (each.subscriber_id, each.group_key) == group and (each.group_rank or 0) < this.rank
            }
        newest[group] = ours[group] = this
    for group, newer in ours.items():
        _end(connection, [row for row in before.get(group, ()) if row.group_rank < newer.rank], newer, now)
    return refused


def _before(connection: Connection, business_id: str, keys: Sequence[str]) -> dict[_Group, list[Any]]:
    """What was set off in these groups and not taken back."""
    n = notifications.c
    rows = connection.execute(
        sa.select(n.id, n.subscriber_id, n.group_key, n.group_rank, n.workflow, n.state, n.business_id)
        .where(
            n.business_id == business_id,
            n.group_key.in_(keys),
            n.group_rank.is_not(None),
            n.state != State.CANCELLED,
        )
        .order_by(n.id)
    )
    found: defaultdict[_Group, list[Any]] = defaultdict(list)
    for row in rows:
        found[(row.subscriber_id, row.group_key)].append(row)
    return found


def _end(connection: Connection, lower: Sequence[Any], by: _Ranked, now: datetime) -> None:
    if not lower:
        return
    n, m = notifications.c, messages.c
    ids = [row.id for row in lower]
    # Notifications before buckets and messages, as everybody takes them: nobody waits in a circle.
    connection.execute(sa.select(n.id).where(n.id.in_(ids)).order_by(n.id).with_for_update())
    open_ones = digests.withdraw(connection, [row.id for row in lower if row.state == State.MERGED])
    ended = connection.execute(
        sa.update(notifications)
        .where(n.id.in_(ids), (n.state == State.ACTIVE) | n.id.in_(open_ones))
        .values(state=State.SUPERSEDED, next_at=None, finished_at=now)
        .returning(n.id, n.business_id)
    ).all()
    digests.pass_on(connection, [row.id for row in ended], now)
    decide(
        connection, [(row.id, row.business_id, Decision(decision="superseded", reason=_by(by))) for row in ended], now
    )
    queued = connection.scalars(sa.select(m.id).where(m.notification_id.in_(ids), m.status == Status.QUEUED))
    call_back(connection, list(queued), _by(by), now)


def _by(newer: _Ranked) -> str:
    return f"Superseded by {newer.workflow}, which tells later news of the same thing."
