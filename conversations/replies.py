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

_PAYLOAD = re.compile(r"/(?P<intent>[^\s{}@/][^\s{}@]*)(?:@[0-9.]+)?\s*(?P<entities>\{.*\})?", re.DOTALL)
"""As Rasa reads it: the name may be any of its intents, `faq/hours` too. A confidence says nothing of a tap."""


class BadPayload(ValueError):
    """A button of the bot carries a payload that begins like `/intent{"entity": "value"}` and is not one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a tap says: an intent and its entities, and the title the person saw."""

    intent: str
    entities: Mapping[str, Any]
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What a tap says in words, which the bot is to understand as if they had been typed."""

    words: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a tap shows without the bot: a response with the options that found no room, and its row's title."""

    response: Mapping[str, Any]
    title: str


@dataclass(slots=True)
class TokenBook:
    """Issues tokens while an answer is rendered; they are written with the answer, or not at all."""

    issued: dict[str, Meaning | Phrase | Page] = field(default_factory=dict)

    def reply(self, payload: str, title: str) -> str:
        """A token for a Rasa payload. Raises BadPayload."""
        return self.issue(read_payload(payload, title))

    def page(self, rest: Mapping[str, Any], title: str) -> str:
        """A token that shows the rest of a response's options."""
        return self.issue(Page(response=rest, title=title))

    def issue(self, meaning: Meaning | Phrase | Page) -> str:
        """A token for what is known to be meant."""
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
                    **_columns(meaning),
                    "expires_at": now + TOKEN_LIFETIME,
                }
                for token, meaning in self.issued.items()
            ],
        )


def read_payload(payload: str, title: str) -> Meaning | Phrase:
    """Read Rasa's button payload: `/intent`, `/intent{"entity": "value"}`, or words to be said. Raises BadPayload."""
    payload = payload.strip()
    if not payload.startswith("/"):
        return Phrase(words=payload or title, title=title)
    found = _PAYLOAD.fullmatch(payload)
    if found is None:
        raise BadPayload("a button's payload must be /intent, /intent{…} or words")
    try:
        entities = json.loads(found["entities"] or "{}")
    except json.JSONDecodeError as error:
        raise BadPayload(f"the entities of /{found['intent']} are not JSON: {error.msg}") from None
    return Meaning(intent=found["intent"], entities=entities, title=title)


def meaning(connection: Connection, conversation_id: str, token: str, now: datetime) -> Meaning | Phrase | Page | None:
    """What a token means in this conversation; None when it is foreign, unknown or too old."""
    t = reply_tokens.c
    row = connection.execute(
        sa.select(t.intent, t.entities, t.words, t.page, t.title).where(
            t.token == token, t.conversation_id == conversation_id, t.expires_at > now
        )
    ).one_or_none()
    if row is None:
        return None
    if row.intent is not None:
        return Meaning(intent=row.intent, entities=row.entities, title=row.title)
    if row.words is not None:
        return Phrase(words=row.words, title=row.title)
    return Page(response=row.page, title=row.title)


def _columns(meaning: Meaning | Phrase | Page) -> dict[str, Any]:
    columns: dict[str, Any] = {"intent": None, "entities": None, "words": None, "page": None}
    match meaning:
        case Meaning(intent=intent, entities=entities):
            return {**columns, "intent": intent, "entities": dict(entities)}
        case Phrase(words=words):
            return {**columns, "words": words}
        case Page(response=response):
            return {**columns, "page": dict(response)}


def prune(connection: Connection, now: datetime) -> None:
    """Forget tokens that nobody may use any more."""
    connection.execute(sa.delete(reply_tokens).where(reply_tokens.c.expires_at < now))
