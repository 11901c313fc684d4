"""Buttons and list rows: what goes on the wire is a short token; what it means stays here, bound to one person."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import reply_tokens

TOKEN_BYTES = 12
"""96 random bits: 16 characters on the wire, far under WhatsApp's 256 (button) and 200 (row)."""

TOKEN_LIFETIME = timedelta(days=7)
"""Buttons stay tappable for ever on a phone; after a week their meaning is not trusted any more."""

_PAYLOAD = re.compile(r"/(?P<intent>[A-Za-z0-9_]+)(?P<entities>\{.*\})?", re.DOTALL)


class BadPayload(ValueError):
    """A button of the bot carries a payload that is not `/intent` or `/intent{"entity": "value"}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a tap says: an intent and its entities, and the title the person saw."""

    intent: str
    entities: Mapping[str, Any]
    title: str


@dataclass(slots=True)
class TokenBook:
    """Issues tokens while an answer is rendered; they are written with the answer, or not at all."""

    issued: dict[str, Meaning] = field(default_factory=dict)

    def issue(self, payload: str, title: str) -> str:
        """A token for a Rasa payload. Raises BadPayload."""
        meaning = read_payload(payload, title)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.issued[token] = meaning
        return token

    def write(self, connection: Connection, business_id: str, conversation_id: str, now: datetime) -> None:
        if not self.issued:
            return
        connection.execute(
            sa.insert(reply_tokens),
            [
                {
                    "token": token,
                    "business_id": business_id,
                    "conversation_id": conversation_id,
                    "title": meaning.title,
                    "intent": meaning.intent,
                    "entities": dict(meaning.entities),
                    "expires_at": now + TOKEN_LIFETIME,
                }
                for token, meaning in self.issued.items()
            ],
        )


def read_payload(payload: str, title: str) -> Meaning:
    """Read Rasa's button payload. Raises BadPayload."""
    found = _PAYLOAD.fullmatch(payload.strip())
    if found is None:
        raise BadPayload("a button's payload must be /intent or /intent{…}")
    try:
        entities = json.loads(found["entities"] or "{}")
    except json.JSONDecodeError as error:
        raise BadPayload(f"the entities of /{found['intent']} are not JSON: {error.msg}") from None
    return Meaning(intent=found["intent"], entities=entities, title=title)


def meaning(connection: Connection, conversation_id: str, token: str, now: datetime) -> Meaning | None:
    """What a token means in this conversation; None when it is foreign, unknown or too old."""
    row = connection.execute(
        sa.select(reply_tokens.c.intent, reply_tokens.c.entities, reply_tokens.c.title).where(
            reply_tokens.c.token == token,
            reply_tokens.c.conversation_id == conversation_id,
            reply_tokens.c.expires_at > now,
        )
    ).one_or_none()
    return None if row is None else Meaning(intent=row.intent, entities=row.entities, title=row.title)


def prune(connection: Connection, now: datetime) -> None:
    """Forget tokens that nobody may use any more."""
    connection.execute(sa.delete(reply_tokens).where(reply_tokens.c.expires_at < now))
