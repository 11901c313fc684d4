"""What has been said about a new address so far: slots read as values and written as events."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from rasa_sdk.events import SlotSet

from actions.answers import place_of
from actions.subjects import Subject, code_entity
from actions.turn import Event, Turn
from actions.words import compose
from trade.money import Money
from trade.places import Place

FORM = "address_form"
_FRESH = {"new_dropoff": None, "dropoff_confirmed": None, "moving_quote": None}
_NO_PROBLEM = {"dropoff_problem": "none", "dropoff_attempts": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What goes elsewhere, and where, if that was said."""

    code: str
    entity: str  # under which name buttons carry the code
    dropoff: Place | None

    @classmethod
    def of(cls, turn: Turn) -> Self | None:
        """The one of this conversation."""
        code, place = turn.slot("moving_code"), turn.slot("new_dropoff")
        if not code:
            return None
        return cls(code=code, entity=turn.slot("moving_entity"), dropoff=place_of(place) if place else None)

    @property
    def is_order(self) -> bool:
        """Whether it is an order rather than a delivery of its own."""
        return self.entity == "order_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveSummary:
    """What a person is asked to agree to. Its id names the wish; "" where only the price is known so far."""

    id: str
    total: Money

    @classmethod
    def of(cls, turn: Turn) -> Self | None:
        """The one that was shown last, if what it says still holds."""
        slot = turn.slot("moving_quote")
        if not slot:
            return None
        return cls(id=slot["id"], total=Money(amount=Decimal(slot["amount"]), currency=slot["currency"]))

    def event(self) -> Event:
        """Keeps it in the conversation."""
        slot = {"id": self.id, "amount": str(self.total.amount), "currency": self.total.currency}
        return SlotSet("moving_quote", slot)  # type: ignore[no-any-return]


def started(subject: Subject) -> dict[str, Any]:
    """The slots as the form begins for this one."""
    return {"moving_code": subject.code, "moving_entity": code_entity(subject), **asked_again()}


def asked_again(problem: str = "none") -> dict[str, Any]:
    """The slots when the address is asked for, again or for the first time."""
    return {**_FRESH, **_NO_PROBLEM, "dropoff_problem": problem}


def accepted(place: dict[str, Any]) -> dict[str, Any]:
    """The slots after a good answer: the summary before it says something else."""
    return {**_FRESH, **_NO_PROBLEM, "new_dropoff": place}


def forgotten() -> list[Event]:
    """Nothing of it stays in the conversation."""
    return as_events({"moving_code": None, "moving_entity": None, **asked_again()})


def as_events(slots: dict[str, Any]) -> list[Event]:
    """Slots as Rasa takes them from an action."""
    return [SlotSet(name, value) for name, value in slots.items()]


def names(turn: Turn, move: Move) -> dict[str, str]:
    """What the responses call it."""
    thing = compose("thing", turn.language, entity=move.entity)
    return {"code": move.code, "entity": move.entity, "thing": thing}
