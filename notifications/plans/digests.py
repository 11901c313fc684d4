"""Digests: notifications of one key wait together in a bucket, and one of them goes on for all.

There is one open bucket at most for each business, workflow, step, person and key (`uq_digest_buckets_open`). Whoever
joins holds its row, and so does whoever closes it: each notification is in exactly one bucket, and told with it once.

    the first      opens the bucket, stays active, and waits until it closes
    the others     become `merged`; the last one that fits closes the bucket and wakes the first
    taken back     its item leaves an open bucket; where it was to go on for all, the next one does
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans.plan import Plan, State
from notifications.plans.walk import Decision, Gather, Walked
from notifications.tables import digest_buckets, digest_items, notifications
from storage.insert import insert_new
from storage.types import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Where a notification came that stood before a digest."""

    bucket_id: str
    leads: bool
    """It goes on for all when the bucket closes."""
    closes_at: datetime


def join(connection: Connection, plan: Plan, gather: Gather, now: datetime) -> Gathered:
    """Open a bucket with this notification, or put it into the open one. Its row is there already."""
    while True:
        opened = _open(connection, plan, gather, now)
        bucket = opened or _held(connection, plan, gather)
        # Closed between the two looks: the next one is ours to open.
        if bucket is not None:
            break
    connection.execute(
        sa.insert(digest_items).values(bucket_id=bucket.id, notification_id=plan.id, business_id=plan.business_id)
    )
    if opened is None and gather.step.most is not None:
        _close_if_full(connection, bucket, gather.step.most, now)
    return Gathered(bucket_id=bucket.id, leads=opened is not None, closes_at=bucket.closes_at)


def enter(connection: Connection, plan: Plan, walked: Walked, now: datetime) -> Walked:
    """Join, and write where the notification stands then: it waits for all, or is merged."""
    assert walked.gather is not None  # noqa: S101 - it stands before a digest
    gathered = join(connection, replace(plan, position=walked.position), walked.gather, now)
    if gathered.leads:
        reason = f"Gathers others like it until {gathered.closes_at:%Y-%m-%d %H:%M:%S} UTC."
        entered = replace(
            walked,
            progress=progress(walked.position, gathered.bucket_id),
            next_at=gathered.closes_at,
            decisions=(*walked.decisions, Decision(decision="gathers", reason=reason)),
        )
    else:
        reason = "Told together with others of its kind, by the first of them."
        decided = (*walked.decisions, Decision(decision="merged", reason=reason))
        entered = replace(walked, state=State.MERGED, decisions=decided)
    connection.execute(
        sa.update(notifications)
        .where(notifications.c.id == plan.id)
        .values(
            state=entered.state,
            position=entered.position,
            progress=entered.progress,
            next_at=entered.next_at,
            finished_at=None if entered.state is State.ACTIVE else now,
        )
    )
    return entered


def close(connection: Connection, bucket_id: str, now: datetime) -> datetime | None:
    """Close the bucket if its time is over; None where it is closed, else until when it is open."""
    b = digest_buckets.c
    connection.execute(
        sa.update(digest_buckets)
        .where(b.id == bucket_id, b.closed_at.is_(None), b.closes_at <= now)
        .values(closed_at=now)
    )
    bucket = connection.execute(sa.select(b.closed_at, b.closes_at).where(b.id == bucket_id)).one()
    return bucket.closes_at if bucket.closed_at is None else None


def events(connection: Connection, bucket_ids: Sequence[str]) -> dict[str, list[Any]]:
    """What each closed bucket gathered and was still worth telling then, oldest first: (payload, expires_at)."""
    if not bucket_ids:
        return {}
    b, n, i = digest_buckets.c, notifications.c, digest_items.c
    rows = connection.execute(
        sa.select(i.bucket_id, n.payload, n.expires_at)
        .join(digest_buckets, b.id == i.bucket_id)
        .join(notifications, n.id == i.notification_id)
        .where(i.bucket_id.in_(bucket_ids), n.expires_at.is_(None) | (n.expires_at > b.closed_at))
        .order_by(n.id)
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.bucket_id, []).append(row)
    return found


def withdraw(connection: Connection, notification_ids: Sequence[str]) -> list[str]:
    """Take notifications out of buckets that are still open; those that were in one."""
    if not notification_ids:
        return []
    b, i = digest_buckets.c, digest_items.c
    found = connection.execute(
        sa.select(i.bucket_id, i.notification_id)
        .join(digest_buckets, b.id == i.bucket_id)
        .where(i.notification_id.in_(notification_ids), b.closed_at.is_(None))
        .order_by(i.bucket_id)
        .with_for_update(of=digest_buckets)
    ).all()
    for row in found:
        connection.execute(
            sa.delete(digest_items).where(i.bucket_id == row.bucket_id, i.notification_id == row.notification_id)
        )
    return [row.notification_id for row in found]


def pass_on(connection: Connection, ended: Sequence[str], now: datetime) -> None:
    """Let the next one go on for a bucket whose first was taken back; close it where nobody is left."""
    if not ended:
        return
    b, i = digest_buckets.c, digest_items.c
    led = connection.execute(
        sa.select(b.id, b.position, b.closes_at, b.notification_id)
        .where(b.notification_id.in_(ended), b.closed_at.is_(None))
        .order_by(b.id)
        .with_for_update()
    ).all()
    for bucket in led:
        connection.execute(
            sa.delete(digest_items).where(i.bucket_id == bucket.id, i.notification_id == bucket.notification_id)
        )
        following = connection.scalar(
            sa.select(i.notification_id).where(i.bucket_id == bucket.id).order_by(i.notification_id).limit(1)
        )
        if following is None:
            connection.execute(sa.update(digest_buckets).where(b.id == bucket.id).values(closed_at=now))
            continue
        connection.execute(sa.update(digest_buckets).where(b.id == bucket.id).values(notification_id=following))
        connection.execute(
            sa.update(notifications)
            .where(notifications.c.id == following)
            .values(
                state=State.ACTIVE,
                next_at=bucket.closes_at,
                progress=progress(bucket.position, bucket.id),
                finished_at=None,
            )
        )


def progress(position: int, bucket_id: str) -> dict[str, Mapping[str, Any]]:
    """What a plan keeps of the digest that it waits for, or went through."""
    return {"digest": {"position": position, "bucket": bucket_id}}


@dataclass(frozen=True, slots=True)
class _Bucket:
    id: str
    notification_id: str
    closes_at: datetime


def _open(connection: Connection, plan: Plan, gather: Gather, now: datetime) -> _Bucket | None:
    closes_at = now + gather.step.window
    row = {
        "id": new_id(),
        "business_id": plan.business_id,
        "workflow": plan.workflow.key,
        "position": plan.position,
        "subscriber_id": plan.subscriber_id,
        "digest_key": gather.key,
        "notification_id": plan.id,
        "closes_at": closes_at,
    }
    made = insert_new(connection, digest_buckets, row, digest_buckets.c.id)
    return None if made is None else _Bucket(made, plan.id, closes_at)


def _held(connection: Connection, plan: Plan, gather: Gather) -> _Bucket | None:
    b = digest_buckets.c
    row = connection.execute(
        sa.select(b.id, b.notification_id, b.closes_at)
        .where(
            b.business_id == plan.business_id,
            b.workflow == plan.workflow.key,
            b.position == plan.position,
            b.subscriber_id == plan.subscriber_id,
            b.digest_key == gather.key,
            b.closed_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    return None if row is None else _Bucket(row.id, row.notification_id, row.closes_at)


def _close_if_full(connection: Connection, bucket: _Bucket, most: int, now: datetime) -> None:
    b, i, n = digest_buckets.c, digest_items.c, notifications.c
    count = connection.scalar(sa.select(sa.func.count()).where(i.bucket_id == bucket.id)) or 0
    if count >= most:
        connection.execute(sa.update(digest_buckets).where(b.id == bucket.id).values(closed_at=now))
        # Who holds the first one's row is walking it, and will find the bucket closed.
        first = sa.select(n.id).where(n.id == bucket.notification_id).with_for_update(skip_locked=True)
        connection.execute(sa.update(notifications).where(n.id.in_(first)).values(next_at=now))
