"""Asks the gate and the caps about a batch that is being claimed, in the claim's own transaction, and keeps each no."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications import gate
from notifications.aftermath import spread
from notifications.caps import Caps, TooMuch
from notifications.consent import CATEGORIES, Decision, decisions
from notifications.decisions import WAITS, Decided, keep_decisions, keep_once
from notifications.due import Due
from notifications.forms import Chosen, Forms
from notifications.gate import Refusal
from notifications.lanes import Lane
from notifications.plans.people import known_timezone
from notifications.prices.pricing import Cost
from notifications.quiet import in_words, read_quiet_hours
from notifications.status import Status
from notifications.tables import messages
from notifications.templates import Shelf
from storage.tables import businesses, subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A message that may go, and as what."""

    row: Due
    payload: Mapping[str, Any] = field(repr=False)
    form: str | None
    """free_form, template; None on channels that know no such difference."""
    form_reason: str | None = None
    """Where there was a choice."""
    cost: Cost | None = None
    """By the price book; None where it costs nothing."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is known of all messages of a batch: read once for all of them."""

    consents: Mapping[tuple[str, str, str], Decision]
    shelf: Shelf
    forms: Forms
    now: datetime
    resting: Mapping[str, TooMuch]
    """The messages whose people are let rest now, by id."""


def admit(connection: Connection, rows: Sequence[Due], now: datetime) -> list[Admitted]:
    """Those of the batch that may go. The others are ended or put off here, with the reason."""
    batch = _read(connection, rows, now)
    caps = Caps(connection, rows, now)
    told: list[Decided] = []
    admitted: list[Admitted] = []
    refused: list[tuple[Due, Refusal]] = []
    held: list[tuple[Due, TooMuch]] = []
    for row in rows:
        if not caps.is_free(row):
            continue
        answer = _judge(batch, row, told)
        if isinstance(answer, Refusal):
            refused.append((row, answer))
        elif row.id in batch.resting:
            held.append((row, batch.resting[row.id]))
        elif (too_much := caps.take(row)) is None:
            admitted.append(answer)
        elif too_much.until is None:
            refused.append((row, Refusal(status=Status.SKIPPED, reason=too_much.reason)))
        else:
            held.append((row, too_much))
    _end(connection, refused, now)
    _put_off(connection, held, now)
    keep_decisions(connection, told, now)
    return admitted


def _read(connection: Connection, rows: Sequence[Due], now: datetime) -> _Batch:
    # Whether a template is marketing decides whether consent is asked for, so that everybody's is read with it.
    asked = {
        row.subscriber_id
        for row in rows
        if row.subscriber_id is not None and (row.category in CATEGORIES or row.template is not None)
    }
    named = [(row.phone_number_id or "", template) for row in rows if (template := row.template) is not None]
    resting = _resting(connection, [row for row in rows if row.heeds_quiet], now)
    return _Batch(decisions(connection, asked), Shelf.of(connection, named), Forms(now), now, resting)


def _resting(connection: Connection, rows: Sequence[Due], now: datetime) -> dict[str, TooMuch]:
    """What was queued before the night began, or failed once, and would wake somebody now."""
    if not rows:
        return {}
    s, b = subscribers.c, businesses.c
    asked = sa.select(s.id, s.timezone, b.timezone.label("ours"), b.quiet_hours).join(businesses, b.id == s.business_id)
    found = connection.execute(asked.where(s.id.in_({row.subscriber_id for row in rows})))
    known = {row.id: row for row in found}
    resting = {}
    for row in rows:
        person = known.get(row.subscriber_id or "")
        quiet = read_quiet_hours(person.quiet_hours) if person is not None else None
        if person is None or quiet is None:
            continue
        timezone = known_timezone(person.timezone) or person.ours
        until = quiet.end(now, timezone)
        if until is not None:
            end = until if row.expires_at is None else min(until, row.expires_at)
            resting[row.id] = TooMuch(reason=f"{in_words(until, timezone)}.", until=end)
    return resting


def _judge(batch: _Batch, row: Due, told: list[Decided]) -> Admitted | Refusal:
    template = row.template
    judgement = None if template is None else batch.shelf.judge(row.phone_number_id or "", template, batch.now)
    chosen = batch.forms.choose(row, judgement)
    goes_as_template = isinstance(chosen, Chosen) and chosen.form == "template"
    category = "marketing" if goes_as_template and judgement is not None and judgement.is_marketing else row.category
    facts = gate.Facts(
        channel=row.channel,
        category=category,
        recipient=row.recipient,
        expires_at=row.expires_at,
        is_opted_out=_is_opted_out(batch, row, category),
    )
    refusal = gate.refusal(facts, batch.now)
    if refusal is not None:
        return refusal
    if isinstance(chosen, Refusal):
        return chosen
    if chosen.reason is not None and row.sent_form not in (None, chosen.form):
        # Why it was the first one stands on the message; that it is another one now is news.
        told.append(Decided.of(row, "form", chosen.reason))
    if goes_as_template and judgement is not None and judgement.note is not None:
        told.append(Decided.of(row, "changed", judgement.note))
    is_marketing = judgement is not None and judgement.is_marketing
    cost = batch.forms.cost(row, chosen.form, is_marketing=is_marketing)
    return Admitted(row=row, payload=chosen.payload, form=chosen.form, form_reason=chosen.reason, cost=cost)


def _is_opted_out(batch: _Batch, row: Due, category: str) -> bool:
    """What answers a person, or confirms what they did, needs no consent."""
    if category not in CATEGORIES:
        return False
    decision = batch.consents.get((row.subscriber_id or "", category, row.channel))
    if decision is None or decision.granted:
        return False
    return decision.is_binding or row.lane != Lane.CRITICAL or category == "marketing"


def _end(connection: Connection, refused: Sequence[tuple[Due, Refusal]], now: datetime) -> None:
    ends: defaultdict[Refusal, list[str]] = defaultdict(list)
    for row, refusal in refused:
        ends[refusal].append(row.id)
    for refusal, ids in ends.items():
        connection.execute(
            sa.update(messages)
            .where(messages.c.id.in_(ids))
            .values(status=refusal.status, settled_at=now, error=refusal.reason)
        )
    keep_decisions(connection, [Decided.of(row, refusal.status, refusal.reason) for row, refusal in refused], now)
    spread(connection, [row.id for row, _ in refused], now)


def _put_off(connection: Connection, held: Sequence[tuple[Due, TooMuch]], now: datetime) -> None:
    for row, too_much in held:
        connection.execute(sa.update(messages).where(messages.c.id == row.id).values(run_at=too_much.until))
    keep_once(connection, [Decided.of(row, WAITS, too_much.reason) for row, too_much in held], now)
