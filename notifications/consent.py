"""Consent: the words by which people opt out and in, and the append-only record of what they decided."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications.tables import consents
from storage.among import among
from storage.insert import insert_new
from storage.types import new_id

CHAT_CATEGORIES: Final = ("marketing", "tracking", "reminders")
"""What customers are asked about in the chat: offers, news of their deliveries at each step, reminders."""

CATEGORIES: Final = (*CHAT_CATEGORIES, "work")
"""What a person may have or not; `work` is what couriers and merchants are told for theirs. What answers a person, and
the confirmation of what they did, is `transactional` and always goes."""

OUT_WORDS = frozenset(
    {"stop", "stop svp", "stop please", "please stop", "stop all", "stopall", "opt out", "optout", "unsubscribe"}
    | {"unsubscribe me", "stop promo", "stop promos", "stop promotions", "end promotions", "no more promotions"}
    | {"stop marketing", "stop pub", "stop pubs", "stop publicite", "plus de pub", "plus de promotions"}
    | {"arret", "arreter", "arretez", "arreter les promotions", "arretez les promotions", "desabonner"}
    | {"me desabonner", "je me desabonne", "desabonnez moi", "desabonnement", "desinscription", "desinscrire"}
    | {"me desinscrire", "desinscrivez moi"}
)
IN_WORDS = frozenset({"start", "unstop", "reprendre", "reabonner", "me reabonner", "opt in", "optin"})
"""Whole messages, compared without case, accents and punctuation."""

PREFERENCES: Final = frozenset({"chat", "api", "staff"})
"""Sources of a decision that is a wish: what is critical goes nonetheless. The others are an opt-out that the law or
the channel makes binding: a word such as STOP, the channel's own switch, a provider's report, an email's link."""

WORD_CATEGORY = "marketing"
"""What a word decides about: news of one's own deliveries goes on."""


class ConsentBook:
    """Recognises the words and keeps the decisions."""

    def wish(self, text: str) -> bool | None:
        """False for words such as STOP, True for words such as START, None for anything else."""
        word = _bare(text)
        if word in OUT_WORDS:
            return False
        return True if word in IN_WORDS else None

    def record(
        self,
        connection: Connection,
        *,
        business_id: str,
        subscriber_id: str,
        granted: bool,
        source: str,
        inbound_message_id: str | None,
        said_at: datetime,
    ) -> bool:
        """Append the decision. A yes changes nothing (False) where no no was said, or one later than it was.

        A no always counts, also one that comes late: too little is better than too much.
        """
        newest = _newest(connection, subscriber_id, WORD_CATEGORY, "whatsapp")
        if granted and (newest is None or newest.granted or said_at < newest.decided_at):
            return False
        row = {
            "id": new_id(),
            "business_id": business_id,
            "subscriber_id": subscriber_id,
            "category": WORD_CATEGORY,
            "channel": "whatsapp",
            "granted": granted,
            "source": source,
            "inbound_message_id": inbound_message_id,
            "decided_at": said_at,
        }
        connection.execute(sa.insert(consents).values(row))
        return True


def choose(
    connection: Connection,
    *,
    business_id: str,
    subscriber_id: str,
    categories: Sequence[str],
    granted: bool,
    turn_id: str,
    said_at: datetime,
) -> tuple[str, ...]:
    """Append what a person decided in the chat, once for each turn; the categories that it changed.

    What is so already is not decided anew, so that the record shows changes alone. The same turn again changes nothing
    and tells the same.
    """
    changed = []
    for category in categories:
        row = {
            "id": new_id(),
            "business_id": business_id,
            "subscriber_id": subscriber_id,
            "category": category,
            "channel": "whatsapp",
            "granted": granted,
            "source": "chat",
            "turn_id": turn_id,
            "decided_at": said_at,
        }
        if _was_decided(connection, turn_id, category, granted=granted):
            changed.append(category)
        elif is_opted_out(connection, subscriber_id, category) == granted:
            insert_new(connection, consents, row, consents.c.id)
            changed.append(category)
    return tuple(changed)


OWN_WORDS: Final = frozenset({"keyword", "chat", "whatsapp", "one_click", "provider"})
"""Sources by which the person themselves spoke; a business has no say over these."""


class OwnWord(Exception):
    """The person said no themselves; `source` tells where."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source


def hear(
    connection: Connection,
    *,
    business_id: str,
    subscriber_id: str,
    category: str,
    channel: str,
    granted: bool,
    said_at: datetime,
    source: str = "api",
) -> bool:
    """Append what the business (api), or its staff at the desk, heard from a person; False where it is so already.

    Raises OwnWord for a yes where the person said no to us themselves.
    """
    newest = _newest(connection, subscriber_id, category, channel)
    if newest is not None and newest.granted == granted:
        return False
    if granted and newest is not None and newest.source in OWN_WORDS:
        raise OwnWord(newest.source)
    connection.execute(
        sa.insert(consents).values(
            id=new_id(),
            business_id=business_id,
            subscriber_id=subscriber_id,
            category=category,
            channel=channel,
            granted=granted,
            source=source,
            decided_at=said_at,
        )
    )
    return True


def newest_of(connection: Connection, subscriber_id: str) -> dict[tuple[str, str], Row[Any]]:
    """The decision that counts for each category and channel that one was made about."""
    c = consents.c
    decided: sa.Select[Any] = (
        sa.select(c.category, c.channel, c.granted, c.source, c.decided_at)
        .where(c.subscriber_id == subscriber_id)
        .order_by(c.id)
    )
    return {(row.category, row.channel): row for row in connection.execute(decided)}


def refuse(
    connection: Connection,
    *,
    business_id: str,
    subscriber_id: str,
    channel: str,
    categories: Sequence[str],
    source: str,
    now: datetime,
) -> None:
    """Append that somebody wants none of these on a channel; what is so already is not decided anew."""
    rows = [
        {
            "id": new_id(),
            "business_id": business_id,
            "subscriber_id": subscriber_id,
            "category": category,
            "channel": channel,
            "granted": False,
            "source": source,
            "decided_at": now,
        }
        for category in categories
        if not is_opted_out(connection, subscriber_id, category, channel)
    ]
    if rows:
        connection.execute(sa.insert(consents), rows)


def wanted(connection: Connection, subscriber_id: str) -> dict[str, bool]:
    """Each category that the chat asks about, and whether this person gets it now."""
    return {category: not is_opted_out(connection, subscriber_id, category) for category in CHAT_CATEGORIES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided last about a category on a channel."""

    granted: bool
    source: str

    @property
    def is_binding(self) -> bool:
        """A no that even a critical message heeds: the person said it to the channel itself, not to us as a wish."""
        return not self.granted and self.source not in PREFERENCES


def decisions(connection: Connection, subscriber_ids: Collection[str]) -> dict[tuple[str, str, str], Decision]:
    """The newest decision of each of these people by (subscriber, category, channel)."""
    if not subscriber_ids:
        return {}
    said = connection.execute(_DECISIONS, {"ids": subscriber_ids})
    return {
        (row.subscriber_id, row.category, row.channel): Decision(granted=row.granted, source=row.source) for row in said
    }


_DECISIONS: Final = (
    sa.select(consents.c.subscriber_id, consents.c.category, consents.c.channel, consents.c.granted, consents.c.source)
    .where(among(consents.c.subscriber_id, "ids"))
    .order_by(consents.c.id)
)


def is_opted_out(connection: Connection, subscriber_id: str, category: str, channel: str = "whatsapp") -> bool:
    """Whether the newest decision for this category and channel is a no. Nothing said is no opt-out."""
    newest = _newest(connection, subscriber_id, category, channel)
    return newest is not None and not newest.granted


def _was_decided(connection: Connection, turn_id: str, category: str, *, granted: bool) -> bool:
    c = consents.c
    known = sa.exists().where(c.turn_id == turn_id, c.category == category, c.granted == granted)
    return bool(connection.scalar(sa.select(known)))


def _newest(connection: Connection, subscriber_id: str, category: str, channel: str) -> Row[Any] | None:
    """The decision that counts: the last one we heard of."""
    c = consents.c
    newest: sa.Select[Any] = (
        sa.select(c.granted, c.source, c.decided_at)
        .where(c.subscriber_id == subscriber_id, c.category == category, c.channel == channel)
        .order_by(c.id.desc())
        .limit(1)
    )
    return connection.execute(newest).first()


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()
