"""What is being put into the cart and is not there yet, and the question that stands in its way; kept in slots."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.turn import Event, Turn

FORM = "shop_form"
#: Answers in a row that did not do: then the team is offered as well, then asked.
TRIES_UNTIL_BUTTONS, TRIES_UNTIL_HUMAN = 2, 3

#: What can be asked: which choices, how many, whether to begin another cart, which code, how many of a line.
OPTION, QUANTITY, REPLACE, PROMO, LINE = "option", "quantity", "replace", "promo", "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A product on its way into the cart."""

    product_id: str
    quantity: int | None = 1  # None: to be asked
    choices: tuple[str, ...] = ()  # ids
    passed: tuple[str, ...] = ()  # options that need not be asked any more
    every_option: bool = False  # ask also about what may be left open
    note: str = ""  # how it is to be
    may_replace: bool = False  # the cart of another merchant may be emptied for it

    @classmethod
    def read(cls, slot: dict[str, Any]) -> Self:
        """As it was kept."""
        return cls(**{**slot, "choices": tuple(slot["choices"]), "passed": tuple(slot["passed"])})

    def slot(self) -> dict[str, Any]:
        """As it is kept."""
        return {**asdict(self), "choices": list(self.choices), "passed": list(self.passed)}


def all_wanted(turn: Turn) -> tuple[Wanted, ...]:
    """What is on its way; the first is the one that the question is about."""
    return tuple(Wanted.read(slot) for slot in turn.slot("shop_wanted") or ())


def ask(question: dict[str, Any], wanted: Sequence[Wanted] = ()) -> list[Event]:
    """Puts a question: {kind, …}. A form that asks for something else keeps its answers and waits."""
    return [
        ActiveLoop(None),
        SlotSet("requested_slot", None),
        SlotSet("shop_answer", None),
        SlotSet("shop_question", {"attempts": 0, **question}),
        SlotSet("shop_wanted", [each.slot() for each in wanted] or None),
        FollowupAction(FORM),
    ]


def settled(turn: Turn) -> list[Event]:
    """No question of the shop is open."""
    forgotten = [SlotSet(name, None) for name in ("shop_answer", "shop_question", "shop_wanted")]
    if turn.form != FORM:
        return forgotten
    return [*forgotten, ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]
