"""Writes what plans decided: messages into the queue, decisions into the record; many plans in few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications import hooks
from notifications.plans.plan import Business, Plan, Who, plan_key, read_plan_key
from notifications.plans.sending import NewMessage, with_tokens
from notifications.plans.walk import Decision, Walked
from notifications.ports import ButtonsOffered, ReplyTokens
from notifications.status import Status
from notifications.tables import message_decisions, messages, notification_decisions
from storage.insert import insert_all, insert_new_rows
from storage.tables import conversations
from storage.types import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What came of walking one plan."""

    plan: Plan
    who: Who
    walked: Walked


def queue_messages(
    connection: Connection, business: Business, steps: Sequence[Step], tokens: ReplyTokens, now: datetime
) -> dict[str, list[str]]:
    """Queue every message that was decided on; ids by notification. What is queued already is not queued again."""
    talks = _talks(connection, business, steps)
    endpoints = cache(partial(hooks.listed, connection, business.id))
    rows: list[dict[str, Any]] = []
    offered: list[tuple[dict[str, Any], NewMessage]] = []
    for step in steps:
        first: dict[str, Any] = {}
        for message in step.walked.messages:
            row = _row(step.plan, message, talks.get(step.who.subscriber_id), now)
            if step.plan.heeds_quiet(business, message.channel):
                row["heeds_quiet"] = True
            if message.channel == "webhook":
                rows += _to_endpoints(endpoints(), step.plan, row, now)
                continue
            if message.part == 0:
                first = row
            else:
                row["after_id"] = first["id"]
                # A contact card is part of what it follows: it is no news of its own, and not counted as such.
                row.pop("group_key", None)
            if message.buttons:
                offered.append((row, message))
            rows.append(row)
    _offer(connection, offered, tokens)
    insert_all(connection, messages, rows)
    queued: dict[str, list[str]] = {}
    for row in rows:
        queued.setdefault(row["notification_id"], []).append(row["id"])
    return queued


def decide(connection: Connection, decided: Iterable[tuple[str, str, Decision]], now: datetime) -> None:
    """Keep why plans did what they did, in order: (notification, business, decision)."""
    insert_all(
        connection,
        notification_decisions,
        [
            {
                "notification_id": notification_id,
                "id": new_id(),
                "business_id": business_id,
                "decision": each.decision,
                "reason": each.reason,
                "decided_at": now,
            }
            for notification_id, business_id, each in decided
        ],
    )


def call_back(connection: Connection, message_ids: Sequence[str], reason: str, now: datetime) -> list[str]:
    """Take messages out of the queue; the ids of those that had not left yet."""
    if not message_ids:
        return []
    m = messages.c
    gone = connection.execute(
        sa.update(messages)
        .where(m.id.in_(message_ids), m.status == Status.QUEUED)
        .values(status=Status.CANCELLED, settled_at=now, error=reason)
        .returning(m.id, m.business_id)
    ).all()
    insert_all(
        connection,
        message_decisions,
        [
            {
                "message_id": row.id,
                "id": new_id(),
                "business_id": row.business_id,
                "decision": Status.CANCELLED,
                "reason": reason,
                "decided_at": now,
            }
            for row in gone
        ],
    )
    ids = [row.id for row in gone]
    hooks.announce(connection, ids, now)
    return ids


def _row(plan: Plan, message: NewMessage, conversation_id: str | None, now: datetime) -> dict[str, Any]:
    """The columns that say something; others keep their defaults."""
    row: dict[str, Any] = {
        "id": new_id(),
        "business_id": plan.business_id,
        "subscriber_id": plan.subscriber_id,
        "notification_id": plan.id,
        "plan_key": plan_key(message.position, message.rung, message.part),
        "channel": message.channel,
        "lane": plan.lane,
        "origin": "push",
        "category": plan.category,
        "payload": message.payload,
        "is_test": plan.is_test,
        # What is said elsewhere, and what has no words, such as a contact card, is no news for the bot.
        "noted": message.channel != "whatsapp" or message.said is None,
        "status": Status.QUEUED,
        "run_at": now,
        "created_at": now,
    }
    said: dict[str, Any] = {
        "conversation_id": conversation_id if message.channel == "whatsapp" else None,
        "template_payload": message.template_payload,
        "said": message.said,
        "reply_contract": message.reply_contract,
        "group_key": plan.group_key,
        "group_rank": plan.group_rank,
        "expires_at": plan.worth_until(message.position),
    }
    row |= {name: value for name, value in said.items() if value is not None}
    return row


def _to_endpoints(
    endpoints: Iterable[hooks.Endpoint], plan: Plan, row: dict[str, Any], now: datetime
) -> list[dict[str, Any]]:
    """What a workflow tells the business's own system: the same to each of its endpoints, and to no person."""
    told = {name: value for name, value in row.items() if name not in ("subscriber_id", "group_key", "group_rank")}
    body = {"type": f"workflow.{plan.workflow.key}", "timestamp": now.isoformat(), "data": row["payload"]["body"]}
    position, rung, _ = read_plan_key(row["plan_key"])
    open_ones = [each for each in endpoints if each.disabled_at is None]
    return [
        {
            **told,
            "id": new_id(),
            "origin": hooks.ORIGIN,
            "plan_key": plan_key(position, rung, part),
            "payload": {"endpoint_id": endpoint.id, "body": body},
            "group_key": hooks.group_of(endpoint.id),
        }
        for part, endpoint in enumerate(open_ones)
    ]


def _talks(connection: Connection, business: Business, steps: Sequence[Step]) -> dict[str, str]:
    """The talk of each person who is written to on WhatsApp; made where there is none."""
    wanted = {
        step.who.subscriber_id: step.who.conversation_id
        for step in steps
        if any(message.channel == "whatsapp" for message in step.walked.messages)
    }
    known = {subscriber_id: talk for subscriber_id, talk in wanted.items() if talk is not None}
    missing = sorted(wanted.keys() - known.keys())
    if not missing:
        return known
    rows = [
        {
            "id": new_id(),
            "business_id": business.id,
            "phone_number_id": business.phone_number_id,
            "subscriber_id": subscriber_id,
        }
        for subscriber_id in missing
    ]
    insert_new_rows(connection, conversations, rows, conversations.c.id)
    c = conversations.c
    made = connection.execute(
        sa.select(c.subscriber_id, c.id).where(
            c.subscriber_id.in_(missing), c.phone_number_id == business.phone_number_id
        )
    )
    return known | {subscriber_id: conversation_id for subscriber_id, conversation_id in made}


def _offer(connection: Connection, offered: Sequence[tuple[dict[str, Any], NewMessage]], tokens: ReplyTokens) -> None:
    """Put a token in the place of each button's placeholder."""
    if not offered:
        return
    asked = [
        ButtonsOffered(business_id=row["business_id"], conversation_id=row["conversation_id"], buttons=message.buttons)
        for row, message in offered
    ]
    for (row, message), made in zip(offered, tokens.make(connection, asked), strict=True):
        row["payload"], template = with_tokens(message, made)
        if template is not None:
            row["template_payload"] = template
