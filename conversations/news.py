"""News that WhatsApp brings beside messages and receipts: of people for us, of numbers and templates for others.

Everything is kept raw as well (see `kept`).
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import Echo, News, PreferenceChange, Sender, UserIdUpdate
from conversations import handoffs, people
from conversations.ports import Consents, Outbox
from storage.tables import phone_numbers

Follower = Callable[[Connection, News, Sequence[str], datetime], None]
"""(connection, news, ids of the businesses it concerns, now): takes what it understands, ignores the rest."""

WISHES = {"stop": False, "resume": True}
"""Values of a `user_preferences` change: whether marketing may be sent."""

log = structlog.get_logger()


class NewsDesk:
    """Sorts news inside the webhook's transaction."""

    def __init__(self, outbox: Outbox, consents: Consents, followers: Sequence[Follower] = ()) -> None:
        self._outbox = outbox
        self._consents = consents
        self._followers = followers

    def follow(self, connection: Connection, news: News, now: datetime) -> None:
        """Act on one piece of news. What concerns none of our numbers changes nothing."""
        concerned = _businesses(connection, news)
        for business_id in concerned:
            match news:
                case PreferenceChange():
                    self._prefer(connection, news, business_id, now)
                case UserIdUpdate():
                    _rename(connection, news, business_id)
                case Echo():
                    self._echo(connection, news, business_id, now)
        if concerned:
            for follow in self._followers:
                follow(connection, news, concerned, now)

    def _prefer(self, connection: Connection, news: PreferenceChange, business_id: str, now: datetime) -> None:
        granted = WISHES.get(news.value)
        if granted is None or news.category != "marketing_messages":
            log.info("preference.not_known", category=news.category, value=news.value)
            return
        conversation = self._meet(connection, news, news.sender, business_id, now)
        if conversation is not None:
            self._consents.record(
                connection,
                business_id=business_id,
                subscriber_id=conversation.subscriber_id,
                granted=granted,
                source="whatsapp",
                inbound_message_id=None,
                said_at=news.at or now,
            )

    def _echo(self, connection: Connection, news: Echo, business_id: str, now: datetime) -> None:
        """A person of the business wrote from the app: part of the talk, and the bot is told of it."""
        conversation = self._meet(connection, news, news.to, business_id, now)
        echoes = news.raw.get("value", {}).get("message_echoes", [])
        if conversation is not None and echoes:
            at = news.at or now
            is_new = self._outbox.keep_echo(
                connection,
                business_id=business_id,
                conversation_id=conversation.id,
                payload={name: echoes[0][name] for name in ("type", echoes[0].get("type")) if name in echoes[0]},
                provider_message_id=news.wamid,
                at=at,
                now=now,
            )
            if is_new:
                handoffs.spoke_from_app(connection, conversation.id, at, now)

    def _meet(
        self, connection: Connection, news: News, sender: Sender, business_id: str, now: datetime
    ) -> people.Conversation | None:
        if news.phone_number_id is None:
            log.warning("news.without_number", field=news.field)
            return None
        return people.meet(
            connection, business_id=business_id, phone_number_id=news.phone_number_id, sender=sender, now=now
        )


def _businesses(connection: Connection, news: News) -> list[str]:
    """Whose news it is: by the number, else by the account, which several businesses may share."""
    p = phone_numbers.c
    if news.phone_number_id is not None:
        concerned = p.phone_number_id == news.phone_number_id
    elif news.waba_id is not None:
        concerned = p.waba_id == news.waba_id
    else:
        return []
    return list(connection.scalars(sa.select(p.business_id).distinct().where(concerned).order_by(p.business_id)))


def _rename(connection: Connection, news: UserIdUpdate, business_id: str) -> None:
    before = Sender(user_id=news.previous_user_id, parent_user_id=news.previous_parent_user_id)
    people.rename_known(connection, business_id, before=before, after=news.sender)
