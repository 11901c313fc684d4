"""Consent: the words by which people opt out and in, and the append-only record of what they decided."""

import re
import unicodedata
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.tables import consents
from storage.types import new_id

OUT_WORDS = frozenset(
    {"stop", "arret", "arreter", "stop promo", "stop promos", "stop promotions", "unsubscribe", "desabonner"}
    | {"desinscription", "me desabonner", "opt out", "optout", "stop all", "stopall", "end promotions"}
)
IN_WORDS = frozenset({"start", "unstop", "reprendre", "reabonner", "me reabonner", "opt in", "optin"})
"""Whole messages, compared without case, accents and punctuation."""

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
        inbound_message_id: str,
        now: datetime,
    ) -> bool:
        """Append the decision. A START of somebody who never opted out says something else: False."""
        if granted and not is_opted_out(connection, subscriber_id, WORD_CATEGORY):
            return False
        connection.execute(
            sa.insert(consents).values(
                id=new_id(),
                business_id=business_id,
                subscriber_id=subscriber_id,
                category=WORD_CATEGORY,
                channel="whatsapp",
                granted=granted,
                source="keyword",
                inbound_message_id=inbound_message_id,
                decided_at=now,
            )
        )
        return True


def is_opted_out(connection: Connection, subscriber_id: str, category: str, channel: str = "whatsapp") -> bool:
    """Whether the newest decision for this category and channel is a no. Nothing said is no opt-out."""
    newest = connection.scalar(
        sa.select(consents.c.granted)
        .where(
            consents.c.subscriber_id == subscriber_id,
            consents.c.category == category,
            consents.c.channel == channel,
        )
        .order_by(consents.c.id.desc())
        .limit(1)
    )
    return newest is False


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()
