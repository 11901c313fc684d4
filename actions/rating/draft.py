"""What is being rated, and how: the slots of the two forms."""

from dataclasses import asdict, dataclass
from typing import Self

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.subjects import Subject, code_entity
from actions.turn import Event, Turn
from trade.claims import HIGHEST_SCORE, LOWEST_SCORE

RATING_FORM, COMMENT_FORM = "rating_form", "comment_form"
#: From here down something went wrong.
LOW_SCORE = 2
#: What stands in the slot of a comment that was passed over.
SKIPPED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """An order or delivery, and the entity under which a button carries its code."""

    code: str
    entity: str

    @classmethod
    def of(cls, turn: Turn) -> Self | None:
        """The one that is being rated."""
        slot = turn.slot("rating_about")
        return cls(**slot) if slot else None

    @classmethod
    def named(cls, turn: Turn) -> Self | None:
        """The one that the message, or the button, names by its code."""
        named = ((entity, turn.entity(entity)) for entity in ("order_code", "delivery_code"))
        return next((cls(code=code, entity=entity) for entity, code in named if code), None)

    @classmethod
    def about(cls, subject: Subject) -> Self:
        """This one."""
        return cls(code=subject.code, entity=code_entity(subject))

    def event(self) -> Event:
        """Keeps it in the conversation."""
        return SlotSet("rating_about", asdict(self))  # type: ignore[no-any-return]


def score_of(value: str | None) -> int | None:
    """As many stars as there are to give, or None."""
    if value is None or not value.isdecimal():
        return None
    return int(value) if LOWEST_SCORE <= int(value) <= HIGHEST_SCORE else None


def forgotten() -> list[Event]:
    """Nothing of the rating stays in the conversation."""
    return [
        *(SlotSet(name, None) for name in ("rating_about", "rating_score", "rating_comment")),
        SlotSet("rating_attempts", 0),
    ]


def left_the_forms() -> list[Event]:
    """No question is being put any more."""
    return [ActiveLoop(None), SlotSet("requested_slot", None)]
