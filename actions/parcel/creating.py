"""The yes: the parcel is created, once, however often its button is tapped."""

from dataclasses import replace

from rasa_sdk.events import FollowupAction, SlotSet

from actions.checkout.paying import paid_next
from actions.parcel.confirming import PLACE_PROBLEMS, place_asked_again
from actions.parcel.draft import FORM, Parcel, Summary, forgotten
from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload
from backend import Customer, InDoubt, Refused
from trade.missions import Mission
from trade.problems import ProblemCode


class CreateParcel(CustomerAction):
    """Asks the backend for the delivery, under the id of the summary that was confirmed."""

    def name(self) -> str:
        """As in the domain."""
        return "action_create_parcel"

    async def answer(self, turn: Turn) -> list[Event]:
        """Create what the summary says; tell what became of an earlier tap."""
        summary, tapped = Summary.of(turn), turn.entity("parcel_summary")
        created = turn.slot("parcel_created") or {}
        if tapped and tapped == created.get("summary"):
            turn.say("utter_parcel_already_created", code=created["code"])
            return []
        if turn.form == FORM:  # a question of it is open, so its summary is another by now
            turn.say("utter_parcel_summary_replaced")
            return [FollowupAction(FORM)]
        if summary is None or (tapped and tapped != summary.id):
            turn.say("utter_parcel_summary_gone")
            return []
        customer, person = await self.people.customer(turn.sender_id), await self.people.person(turn.sender_id)
        parcel = Parcel.of(turn, person.currency or turn.slot("currency"))
        try:
            mission = await self._create(customer, parcel, summary)
        except Refused as refused:
            asked = await self._ask_again(turn, customer, parcel, refused)
            return [*self.forget(), summary.used_up(), *asked]
        except InDoubt:
            turn.say("utter_parcel_in_doubt", summary=summary.id)
            return [*self.forget(), replace(summary, in_doubt=True).event()]
        turn.say("utter_parcel_created", code=mission.code)
        done = {"summary": summary.id, "code": mission.code}
        remembered = [*forgotten(), SlotSet("parcel_created", done), SlotSet("shown_delivery", mission.code)]
        return [*remembered, *paid_next(turn, mission.payment)]

    def again(self, turn: Turn) -> str:
        """The same summary, so the same key."""
        summary = Summary.of(turn)
        return payload("affirm", parcel_summary=summary.id) if summary else payload("create_delivery")

    def forget(self) -> list[Event]:
        """The yes alone: what was said about the parcel stays for the next try."""
        return [SlotSet("parcel_confirmed", None)]

    async def _ask_again(self, turn: Turn, customer: Customer, parcel: Parcel, refused: Refused) -> list[Event]:
        """What must be asked before another try; the backend keeps its no under the key of this one."""
        if refused.code == ProblemCode.PRICE_CHANGED:
            return [FollowupAction(FORM)]  # its last question tells the new price
        if refused.code in PLACE_PROBLEMS:
            return await place_asked_again(self.backend, customer, parcel.draft, refused)
        turn.say("utter_apology", again=payload("create_delivery"))
        return []

    async def _create(self, customer: Customer, parcel: Parcel, summary: Summary) -> Mission:
        return await self.backend.create_mission(
            customer,
            parcel.draft,
            parcel.recipient,
            summary.payment,
            summary.total,
            note=parcel.note,
            key=summary.key,
        )
