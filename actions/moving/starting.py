"""Another address: for what, and whether that may still be; and leaving it as it was."""

from actions.answers import PlaceSlot, place_named
from actions.forms import begin, end
from actions.moving.move import FORM, Move, accepted, as_events, asked_again, forgotten, names, started
from actions.spoken import SpokenAction
from actions.subjects import Subject, SubjectAction, code_entity, code_of_message, shown
from actions.turn import Event, Turn
from backend import Customer
from trade.missions import Allowed


class ChangeAddress(SubjectAction):
    """Begins to ask for the new address of what is meant."""

    intent = "change_address"
    choose = "utter_choose_moved"
    nothing = "utter_nothing_movable"

    def name(self) -> str:
        """As in the domain."""
        return "action_change_address"

    def will_do(self, subject: Subject) -> bool:
        """What may go elsewhere now."""
        return Allowed.CHANGE_DROPOFF in subject.allowed

    async def answer(self, turn: Turn) -> list[Event]:
        """In the middle of it, another address than the one just said."""
        if turn.form == FORM and not code_of_message(turn):
            place = _place(turn)
            return [*as_events(accepted(place) if place else asked_again()), *begin(turn, FORM)]
        return await super().answer(turn)

    def carried(self, turn: Turn) -> dict[str, str]:
        """An address that was said before it is clear for what."""
        place = _place(turn)
        return {"new_address": place["address"]} if place else {}

    async def about(self, turn: Turn, customer: Customer, subject: Subject) -> list[Event]:
        """Where it is too late, the team may know a way."""
        if self.will_do(subject):
            place = _place(turn)
            return [*shown(subject), *begin(turn, FORM, **started(subject) | (accepted(place) if place else {}))]
        move = Move(code=subject.code, entity=code_entity(subject), dropoff=None)
        turn.say("utter_too_late_to_move", **names(turn, move))
        return [*shown(subject), *forgotten(), *end(turn, FORM)]


def _place(turn: Turn) -> PlaceSlot | None:
    """What the message names, or the row that was chosen for it."""
    carried = turn.entity("new_address")
    return {"address": carried} if carried else place_named(turn)


class LeaveMove(SpokenAction):
    """Forgets the address that was being asked for."""

    def name(self) -> str:
        """As in the domain."""
        return "action_leave_move"

    async def answer(self, turn: Turn) -> list[Event]:
        """It goes where it went."""
        turn.say("utter_move_left")
        return forgotten()
