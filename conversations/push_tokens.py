"""Keeps what the buttons of a notification mean, so that a tap on one is a turn like any other."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.replies import TOKEN_BYTES, TOKEN_LIFETIME
from conversations.tables import reply_tokens
from storage.clock import database_now


class PushedButton(Protocol):
    """A button, and what a tap on it tells the bot."""

    @property
    def title(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def entities(self) -> Mapping[str, str]: ...


class Pushed(Protocol):
    """The buttons of one message, and the talk that it appears in."""

    @property
    def business_id(self) -> str: ...
    @property
    def conversation_id(self) -> str: ...
    @property
    def buttons(self) -> Sequence[PushedButton]: ...


class PushTokens:
    """Issues tokens for many messages at once."""

    def make(self, connection: Connection, offered: Sequence[Pushed]) -> list[tuple[str, ...]]:
        """A token for each button of each message, kept in this transaction."""
        now: datetime = connection.scalar(sa.select(database_now()))
        made: list[tuple[str, ...]] = []
        rows: list[dict[str, Any]] = []
        for each in offered:
            tokens = tuple(secrets.token_urlsafe(TOKEN_BYTES) for _ in each.buttons)
            made.append(tokens)
            rows += [
                {
                    "token": token,
                    "business_id": each.business_id,
                    "conversation_id": each.conversation_id,
                    "title": button.title,
                    "intent": button.intent,
                    "entities": dict(button.entities),
                    "expires_at": now + TOKEN_LIFETIME,
                }
                for token, button in zip(tokens, each.buttons, strict=True)
            ]
        if rows:
            connection.execute(sa.insert(reply_tokens), rows)
        return made
