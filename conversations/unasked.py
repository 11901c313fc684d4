"""Takes in what the bot says without being asked, such as a reminder: queued like any answer, once for each id."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.compose import compose_unasked
from conversations.people import goes_on_as
from conversations.ports import Outbox
from conversations.tables import unasked
from conversations.wording import Wording
from storage.insert import insert_new
from storage.tables import businesses, conversations, subscribers


class UnknownSender(LookupError):
    """No conversation has this id."""


class UnaskedDesk:
    """Queues what the bot says by itself; whether it may still go is the gate's to decide, as for any message."""

    def __init__(self, outbox: Outbox, wording: Wording) -> None:
        self._outbox = outbox
        self._wording = wording

    def take(
        self,
        connection: Connection,
        sender_id: str,
        unasked_id: str,
        responses: Sequence[Mapping[str, Any]],
        now: datetime,
    ) -> bool:
        """Queue these responses, all or none, in order. False when the id was taken in before: nothing changes.

        Raises UnknownSender, and Unsayable where WhatsApp has no form for one of them.
        """
        conversation_id = goes_on_as(connection, sender_id)
        listener = connection.execute(
            sa.select(
                conversations.c.business_id,
                sa.func.coalesce(subscribers.c.locale, businesses.c.default_language).label("locale"),
            )
            .join(subscribers, subscribers.c.id == conversations.c.subscriber_id)
            .join(businesses, businesses.c.id == conversations.c.business_id)
            .where(conversations.c.id == conversation_id)
        ).one_or_none()
        if listener is None:
            raise UnknownSender
        composed = compose_unasked(responses, self._wording, listener.locale)
        row = {
            "id": unasked_id,
            "business_id": listener.business_id,
            "conversation_id": conversation_id,
            "received_at": now,
        }
        if insert_new(connection, unasked, row, unasked.c.id) is None:
            return False
        composed.tokens.write(connection, listener.business_id, conversation_id, now)
        self._outbox.queue(
            connection,
            business_id=listener.business_id,
            conversation_id=conversation_id,
            turn_id=None,
            origin="bot",
            content_key=None,
            payloads=composed.payloads,
            now=now,
        )
        return True
