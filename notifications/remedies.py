"""What a failure changes beside its own message: stops, opt-outs, templates, and what else waits for the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.failures import Remedy
from notifications import breaker, retry
from notifications.breaker import Scope
from notifications.consent import CATEGORIES, refuse
from notifications.tables import IS_QUEUED, messages, templates
from storage.clock import database_now
from storage.tables import phone_numbers

PAUSED_CODE: Final = 132015
"""The template is paused; of the other codes about templates none says that it comes back by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A message that did not reach its person, and what the provider said of it."""

    business_id: str
    channel: str
    provider: str
    phone_number_id: str
    """Empty on channels other than WhatsApp."""
    conversation_id: str | None
    subscriber_id: str | None
    payload: Mapping[str, Any] = field(repr=False)
    code: int | None
    reason: str
    remedy: Remedy
    from_receipt: bool = False
    pause_seconds: float = 0.0
    """How long the message itself waits, where it goes again."""


def apply(connection: Connection, failure: Failure, now: datetime) -> None:
    """Do what the failure's remedy says, beside what becomes of the message itself (`retry.after`)."""
    match failure.remedy:
        case Remedy.STOP_NUMBER:
            _stop(connection, Scope.EVERYTHING, failure, now)
        case Remedy.PAUSE_MARKETING:
            _stop(connection, Scope.MARKETING, failure, now)
        case Remedy.KEEP_OPT_OUT:
            _keep_opt_out(connection, failure, now)
        case Remedy.STOP_TEMPLATE:
            _stop_template(connection, failure, now)
        case Remedy.TOMORROW:
            _postpone_marketing(connection, failure.conversation_id)
        case Remedy.SLOW_PERSON if failure.from_receipt:
            # Said at once, it is the rates that hold the person.
            _hold_person(connection, failure.conversation_id, failure.pause_seconds)
        case _:
            pass


def _stop(connection: Connection, scope: Scope, failure: Failure, now: datetime) -> None:
    breaker.stop(
        connection,
        scope,
        phone_number_id=failure.phone_number_id,
        business_id=failure.business_id,
        code=failure.code,
        reason=failure.reason,
        from_receipt=failure.from_receipt,
        now=now,
    )


def _keep_opt_out(connection: Connection, failure: Failure, now: datetime) -> None:
    if failure.subscriber_id is None:
        return
    is_whatsapp = failure.channel == "whatsapp"
    refuse(
        connection,
        business_id=failure.business_id,
        subscriber_id=failure.subscriber_id,
        channel=failure.channel,
        # WhatsApp knows an opt-out of marketing alone; to an SMS's or an email's sender the person says no to all.
        categories=("marketing",) if is_whatsapp else CATEGORIES,
        source="whatsapp" if is_whatsapp else "provider",
        now=now,
    )


def _stop_template(connection: Connection, failure: Failure, now: datetime) -> None:
    """What Meta told us with the refusal holds until its webhook or our next poll tells better."""
    template = failure.payload.get("template") or {}
    account = (
        sa.select(phone_numbers.c.waba_id)
        .where(phone_numbers.c.phone_number_id == failure.phone_number_id)
        .scalar_subquery()
    )
    t = templates.c
    connection.execute(
        sa.update(templates)
        .where(
            t.business_id == failure.business_id,
            t.waba_id == account,
            t.name == template.get("name"),
            t.language == (template.get("language") or {}).get("code"),
        )
        .values(
            status="PAUSED" if failure.code == PAUSED_CODE else "DISABLED",
            # Until when is not said; a pause we knew of was over, or it would not have been sent.
            paused_until=None,
            reason=failure.reason,
            changed_at=now,
        )
    )


def _postpone_marketing(connection: Connection, conversation_id: str | None) -> None:
    """Whatever else was to be said to them for the business's own sake waits as long."""
    if conversation_id is None:
        return
    m = messages.c
    tomorrow = database_now(retry.DAY_SECONDS)
    connection.execute(
        sa.update(messages)
        .where(IS_QUEUED, m.conversation_id == conversation_id, m.category == "marketing", m.run_at < tomorrow)
        .values(run_at=tomorrow, slot_at=None)
    )


def _hold_person(connection: Connection, conversation_id: str | None, seconds: float) -> None:
    """What else is to be said to them waits as long as what was refused, which goes first."""
    if conversation_id is None:
        return
    m, then = messages.c, database_now(seconds)
    connection.execute(
        sa.update(messages)
        .where(IS_QUEUED, m.conversation_id == conversation_id, m.run_at < then)
        .values(run_at=then, slot_at=None)
    )
