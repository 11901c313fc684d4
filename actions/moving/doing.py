"""The yes: the new address is handed on, once, however often its button is tapped."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.forms import begin
from actions.moving.confirming import PLACE_PROBLEMS
from actions.moving.move import FORM, Move, MoveSummary, as_events, asked_again, forgotten, names
from actions.spoken import CustomerAction
from actions.subjects import Subject, shown
from actions.turn import Event, Turn, payload
from backend import Customer, InDoubt, Refused, write_key
from trade.markup import plain, shorten
from trade.places import Place
from trade.problems import ProblemCode

MAX_ADDRESS_SHOWN = 200  # characters


class MoveDropoff(CustomerAction):
    """Asks the backend for the new address, under the id of the summary that was confirmed."""

    def name(self) -> str:
        """As in the domain."""
        return "action_move_dropoff"

    async def answer(self, turn: Turn) -> list[Event]:
        """Do what the summary says; tell what became of an earlier tap."""
        move, summary, tapped = Move.of(turn), MoveSummary.of(turn), turn.entity("dropoff_summary")
        moved = turn.slot("moved") or {}
        if tapped and tapped == moved.get("summary"):
            turn.say("utter_already_moved", code=moved["code"], entity=moved["entity"])
            return []
        if turn.form == FORM:  # a question of it is open, so its summary is another by now
            turn.say("utter_dropoff_summary_replaced")
            return [FollowupAction(FORM)]
        if move is None or move.dropoff is None or summary is None or (tapped and tapped != summary.id):
            turn.say("utter_dropoff_summary_gone")
            return []
        customer = await self.people.customer(turn.sender_id)
        try:
            subject = await self._move(customer, move, move.dropoff, summary)
        except Refused as refused:
            return [*self.forget(), *_refused(turn, move, refused)]
        except InDoubt:
            turn.say("utter_move_in_doubt", summary=summary.id, **names(turn, move))
            return self.forget()
        turn.say("utter_moved", address=_address(move.dropoff), **names(turn, move))
        done = {"summary": summary.id, "code": move.code, "entity": move.entity}
        return [*forgotten(), SlotSet("moved", done), *shown(subject)]

    def again(self, turn: Turn) -> str:
        """The same summary, so the same key."""
        summary = MoveSummary.of(turn)
        return payload("affirm", dropoff_summary=summary.id) if summary else payload("change_address")

    def forget(self) -> list[Event]:
        """The yes alone: what was said stays for the next try."""
        return [SlotSet("dropoff_confirmed", None)]

    async def _move(self, customer: Customer, move: Move, dropoff: Place, summary: MoveSummary) -> Subject:
        key = write_key(summary.id, "move")
        change = self.backend.change_order_dropoff if move.is_order else self.backend.change_mission_dropoff
        return await change(customer, move.code, dropoff, summary.total, key=key)


def _refused(turn: Turn, move: Move, refused: Refused) -> list[Event]:
    if refused.code == ProblemCode.PRICE_CHANGED and refused.problem.total:
        told = MoveSummary(id="", total=refused.problem.total)
        return [told.event(), *begin(turn, FORM)]  # its last question tells the new price
    if refused.code in PLACE_PROBLEMS:
        return [*as_events(asked_again(PLACE_PROBLEMS[refused.code])), *begin(turn, FORM)]
    if refused.code == ProblemCode.TOO_LATE_TO_CHANGE:
        turn.say("utter_too_late_to_move", **names(turn, move))
        return forgotten()
    raise refused


def _address(place: Place) -> str:
    return shorten(plain(place.address or "📍"), MAX_ADDRESS_SHOWN)
