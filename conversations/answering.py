"""Takes words for the answer to a push where they are one; else the bot understands them as ever.

A push asks something that the bot did not ask. Which of the two a "yes" answers is decided here:

    they quote the push                          the push
    a form of the bot waits for an answer        the bot
    the bot said something after the push left   the bot
    one push is open for such a word             the push: from then on the turn is what a tap would have been
    several are                                  the person is asked which one
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import claim, turn_input
from conversations.claim import Claimed
from conversations.ports import Answer, Note, Pushes
from conversations.replies import Meaning, TokenBook
from conversations.tables import inbound_messages, turn_events, turns
from conversations.turn_input import Reply
from storage.types import UtcDateTime

FORM_LASTS = timedelta(hours=24)
"""A form that was left for so long is not open any more: `session_expiration_time` of domain/talk.yml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Several pushes could have been answered; the newest first."""

    answers: Sequence[Answer]


class Answering:
    """Looks for the push that a turn answers."""

    def __init__(self, pushes: Pushes) -> None:
        self._pushes = pushes

    def take(
        self, connection: Connection, claimed: Claimed, text: str, notes: Sequence[Note], now: datetime
    ) -> Meaning | Choice | None:
        """What these words mean as an answer; None where they are none, or where this is nobody's turn any more.

        From then on the turn is a tap: whoever tries it again finds it so.
        """
        answers = self._answers(connection, claimed, text, notes, now)
        if not answers and claimed.turn.quoted is not None:
            # Another word about it is an answer, too, though it settles nothing.
            self._pushes.answered(connection, claimed.conversation_id, claimed.turn.quoted, None, now)
        if not answers or not claim.holds(connection, claimed):
            return None
        if len(answers) > 1:
            return Choice(answers=answers)
        [answer] = answers
        self._pushes.keep(connection, answer.message_id, answer.key, now)
        return _as_tap(connection, claimed, answer, text, now)

    def tapped(self, connection: Connection, claimed: Claimed, meant: Meaning, now: datetime) -> None:
        """A button was tapped: if it was a push's, that one is answered."""
        if claimed.turn.quoted is not None:
            tap = (meant.intent, meant.entities)
            self._pushes.answered(connection, claimed.conversation_id, claimed.turn.quoted, tap, now)

    def quoted_subject(self, connection: Connection, claimed: Claimed) -> Mapping[str, str]:
        """The delivery or the order that the quoted push told of; empty where none was quoted."""
        quoted = claimed.turn.quoted
        return {} if quoted is None else self._pushes.about(connection, claimed.conversation_id, quoted)

    def _answers(
        self, connection: Connection, claimed: Claimed, text: str, notes: Sequence[Note], now: datetime
    ) -> Sequence[Answer]:
        talk, turn = claimed.conversation_id, claimed.turn
        if turn.quoted is not None:
            return self._pushes.quoted(connection, talk, turn.quoted, text)
        answerable = [note.id for note in notes if note.is_answerable]
        if not answerable:
            return ()
        found = self._pushes.open(connection, talk, answerable, text, turn.sent_at)
        return () if found and _form(connection, talk, now) is not None else found


def may_answer(claimed: Claimed, notes: Sequence[Note]) -> bool:
    """Whether it is worth a look: most turns quote nothing, and nothing was pushed."""
    return claimed.turn.quoted is not None or any(note.is_answerable for note in notes)


def _as_tap(connection: Connection, claimed: Claimed, answer: Answer, text: str, now: datetime) -> Meaning:
    tokens = TokenBook()
    meaning = Meaning(intent=answer.intent, entities=answer.entities, title=text)
    tapped = Reply(token=tokens.issue(meaning), title=text)
    tokens.write(connection, claimed.business_id, claimed.conversation_id, now)
    connection.execute(sa.update(turns).where(turns.c.id == claimed.turn.id).values(input=turn_input.to_json(tapped)))
    return meaning


def _form(connection: Connection, conversation_id: str, now: datetime) -> str | None:
    """The form that the bot's last answers left open, if any."""
    event: Mapping[str, Any] | None = connection.scalar(
        _LAST_LOOP, {"talk": conversation_id, "since": now - FORM_LASTS}
    )
    return None if event is None else event.get("name")


_LAST_LOOP = (
    sa.select(turn_events.c.event)
    .join(turns, turns.c.id == turn_events.c.turn_id)
    # By the messages: turns are found by their talk only while they are open.
    .join(inbound_messages, inbound_messages.c.id == turns.c.inbound_message_id)
    .where(
        inbound_messages.c.conversation_id == sa.bindparam("talk"),
        turns.c.finished_at > sa.bindparam("since", type_=UtcDateTime()),
        turn_events.c.event["event"].as_string().in_(("active_loop", "session_started")),
    )
    .order_by(turns.c.finished_at.desc(), turn_events.c.position.desc())
    .limit(1)
)
