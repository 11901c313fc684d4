"""What a person has ordered and sent: newest first, a screen at a time; and what may be done with one of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from actions.orders.details import names_order, show_named
from actions.orders.options import option_rows
from actions.spoken import CustomerAction
from actions.subjects import Age, Subject, Unknown, age, code_of_message, named_subject, older, shown, subject_rows
from actions.turn import Event, Row, Turn, payload
from actions.words import compose
from trade.markup import plain

ROWS = 9  # one of WhatsApp's ten leads to what is older


class ShowHistory(CustomerAction):
    """Orders and deliveries in one list, even a single one."""

    def name(self) -> str:
        """As in the domain."""
        return "action_show_history"

    async def answer(self, turn: Turn) -> list[Event]:
        """The list from where the last one ended; the one that is named, or what may be done with it."""
        if names_order(turn) and not turn.entity("options"):
            return await show_named(turn, self.people, self.backend, datetime.now(UTC))
        customer = await self.people.customer(turn.sender_id)
        match await named_subject(turn, self.backend, customer):
            case Unknown(code=code):
                turn.say("utter_delivery_not_found", code=code)
                return []
            case None:
                pass
            case subject:
                turn.say("utter_options", code=plain(subject.code), buttons=option_rows(subject, turn.language))
                return shown(subject)
        before = turn.entity("before")
        subjects = await older(self.backend, customer, _read(before), ROWS + 1)
        if subjects:
            turn.say("utter_history", buttons=_rows(subjects, turn.language))
        else:
            turn.say("utter_history_over" if before else "utter_no_deliveries")
        return []

    def again(self, turn: Turn) -> str:
        """The same part of the list."""
        before = turn.entity("before")
        return payload("order_history", **code_of_message(turn), **({"before": before} if before else {}))


def _rows(subjects: Sequence[Subject], language: str) -> list[Row]:
    rows = subject_rows(subjects[:ROWS], "track_delivery", language)
    if len(subjects) > ROWS:
        before = _written(subjects[ROWS - 1])
        rows.append({"title": compose("older", language), "payload": payload("order_history", before=before)})
    return rows


def _written(last: Subject) -> str:
    created_at, code = age(last)
    return f"{created_at.isoformat()} {code}"


def _read(before: str | None) -> Age | None:
    """Only ever ours, from the row of an earlier list."""
    if not before:
        return None
    created_at, _, code = before.partition(" ")
    return datetime.fromisoformat(created_at), code
