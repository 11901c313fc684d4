"""Sends one template to one person, by its name: for what no workflow says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.messages import to_payload
from channels.whatsapp.templates.definition import Definition
from channels.whatsapp.templates.filling import fill, preview
from notifications.plans.people import business_of, people
from notifications.plans.plan import Business, Who
from notifications.ports import Merging
from notifications.status import Status
from notifications.tables import messages
from notifications.triggering import BadRecipient, BadTrigger, Recipient
from notifications.triggering.meeting import meet
from notifications.workflows import Problem
from storage.clock import database_now
from storage.insert import insert_new
from storage.tables import conversations
from storage.types import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSend:
    """Which template, for whom, with what."""

    business_id: str
    template: str
    language: str | None
    """None: the person's own, where the template has it."""
    to: Recipient
    values: Mapping[str, str] = field(repr=False)
    category: str | None = None
    """tracking or reminders, which people may decline; a marketing template is marketing in any case."""
    expires_at: datetime | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateQueued:
    """The message that it became."""

    message_id: str
    subscriber_id: str
    language: str


def send_template(
    connection: Connection, send: TemplateSend, definitions: Sequence[Definition], merge: Merging, now: datetime
) -> TemplateQueued:
    """Queue it. Raises TriggerError for who or what is wrong, and InvalidMessage for a value that does not fit.

    Wake the topic "messages" after the commit.
    """
    business = business_of(connection, send.business_id)
    [met] = meet(connection, business, [send.to], merge, now)
    if isinstance(met, BadRecipient):
        raise met
    who = people(connection, business, [met])[met]
    definition = _chosen(definitions, send, who, business)
    payload = to_payload(fill(definition, send.values))
    row = {
        "id": new_id(),
        "business_id": business.id,
        "conversation_id": who.conversation_id or _talk(connection, business, met),
        "subscriber_id": met,
        "channel": "whatsapp",
        "origin": "push",
        "category": "marketing" if definition.category == "marketing" else send.category or "transactional",
        "payload": payload,
        "said": preview(definition, send.values),
        "is_test": send.is_test,
        "status": Status.QUEUED,
        "created_at": now,
        "expires_at": send.expires_at,
    }
    connection.execute(sa.insert(messages).values(run_at=database_now(), **row))
    return TemplateQueued(message_id=str(row["id"]), subscriber_id=met, language=definition.language)


def _chosen(definitions: Sequence[Definition], send: TemplateSend, who: Who, business: Business) -> Definition:
    """The template in the wished language, else the person's, else the business's, else the one it has."""
    named = {each.language: each for each in definitions if each.name == send.template}
    if not named:
        known = ", ".join(sorted({each.name for each in definitions})) or "none"
        raise BadTrigger([Problem(field="template", problem=f"is no template of this business; there are {known}")])
    if send.language is not None:
        if send.language not in named:
            known = ", ".join(sorted(named))
            problem = f"is not one of this template; it has {known}"
            raise BadTrigger([Problem(field="language", problem=problem)])
        return named[send.language]
    wished = (who.person.locale, (who.person.locale or "")[:2], business.facts.default_locale, *named)
    return next(named[language] for language in wished if language in named)


def _talk(connection: Connection, business: Business, subscriber_id: str) -> str:
    """A talk with somebody who has never written. Raises BadTrigger where the business has no number."""
    if business.phone_number_id is None:
        raise BadTrigger([Problem(field="template", problem="cannot go; this business has no WhatsApp number")])
    row: dict[str, Any] = {
        "id": new_id(),
        "business_id": business.id,
        "phone_number_id": business.phone_number_id,
        "subscriber_id": subscriber_id,
    }
    made = insert_new(connection, conversations, row, conversations.c.id)
    c = conversations.c
    of_them = sa.select(c.id).where(c.phone_number_id == business.phone_number_id, c.subscriber_id == subscriber_id)
    return made or str(connection.scalar(of_them))
