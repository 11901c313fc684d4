"""Calling off: a delivery or an order, while that is allowed; in the middle of asking for a parcel, that one."""

import contextlib

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.checkout.draft import FORM as CHECKOUT_FORM
from actions.checkout.draft import Summary as OrderSummary
from actions.checkout.draft import forgotten as checkout_forgotten
from actions.forms import end
from actions.moving.move import FORM as ADDRESS_FORM
from actions.moving.move import forgotten as moving_forgotten
from actions.parcel.draft import FORM as PARCEL_FORM
from actions.parcel.draft import Summary as ParcelSummary
from actions.parcel.draft import forgotten as parcel_forgotten
from actions.questions import put, put_before
from actions.subjects import Subject, SubjectAction, code_entity, code_of_message, shown, shown_order, subject_by_code
from actions.turn import Event, Turn, payload
from actions.words import compose
from backend import Customer, InDoubt, NotFound, Refused, write_key
from trade.missions import Allowed, Mission, MissionStatus
from trade.orders import Order
from trade.problems import ProblemCode

#: The forms that "cancel it" leaves where nothing else is named: what is said then, and what forgets the answers.
_LEFT = {
    PARCEL_FORM: ("utter_parcel_left", parcel_forgotten),
    CHECKOUT_FORM: ("utter_checkout_left", checkout_forgotten),
}

#: By the entity in the payload of a button, what gives up whatever was confirmed there.
_GIVES_UP = {"order_summary": "action_drop_order", "parcel_summary": "action_drop_parcel"}

CANCELLED = MissionStatus.CANCELLED.value  # an order's status of that meaning is the same word


class CancelOrder(SubjectAction):
    """Asks whether one is sure, then calls it off."""

    intent = "cancel_order"
    choose = "utter_choose_cancelled"
    nothing = "utter_nothing_cancellable"

    def name(self) -> str:
        """As in the domain."""
        return "action_cancel_order"

    async def answer(self, turn: Turn) -> list[Event]:
        """Without a code, the order or parcel in doubt, or what is being asked for, is meant, if there is one."""
        if (gives_up := _doubt(turn)) and not code_of_message(turn) and turn.intent != "affirm":
            return [FollowupAction(gives_up)]
        if turn.form in _LEFT and not code_of_message(turn):
            said, forgotten = _LEFT[turn.form]
            turn.say(said)
            leaving = [ActiveLoop(None), SlotSet("requested_slot", None)]
            return [*leaving, *forgotten(), FollowupAction("action_listen")]
        if turn.intent == "affirm" and (asked := put_before(turn)):
            customer = await self.people.customer(turn.sender_id)
            is_order = asked["entity"] == "order_code"
            subject = await subject_by_code(self.backend, customer, asked["code"], is_order=is_order)
            return await self._decide(turn, customer, subject, is_sure=True)
        events = await super().answer(turn)
        return [*events, *moving_forgotten(), *end(turn, ADDRESS_FORM)] if turn.form == ADDRESS_FORM else events

    def will_do(self, subject: Subject) -> bool:
        """What may be cancelled now."""
        return Allowed.CANCEL in subject.allowed

    def again(self, turn: Turn) -> str:
        """The same one; once one was sure, still."""
        if turn.intent == "affirm" and (asked := put_before(turn)):
            return payload(self.intent, confirmed="yes", **{asked["entity"]: asked["code"]})
        sure = {"confirmed": "yes"} if turn.entity("confirmed") else {}
        return payload(self.intent, **code_of_message(turn), **sure)

    async def about(self, turn: Turn, customer: Customer, subject: Subject) -> list[Event]:
        """Ask first; a tap on the yes does it."""
        return await self._decide(turn, customer, subject, is_sure=turn.entity("confirmed") is not None)

    async def _decide(self, turn: Turn, customer: Customer, subject: Subject, *, is_sure: bool) -> list[Event]:
        if is_sure and self.will_do(subject):
            try:
                subject = await self._cancel(turn, customer, subject)
            except InDoubt:
                turn.say("utter_cancel_in_doubt", **_names(turn, subject))
                return shown(subject)
        if subject.status == CANCELLED:
            turn.say("utter_subject_cancelled", **_names(turn, subject))
        elif self.will_do(subject):
            turn.say("utter_confirm_cancel", **_names(turn, subject))
            return [*shown(subject), put(turn, "cancel", entity=code_entity(subject), code=subject.code)]
        else:
            turn.say("utter_too_late_to_cancel", **_names(turn, subject))
        return shown(subject)

    async def _cancel(self, turn: Turn, customer: Customer, subject: Subject) -> Subject:
        """Where it has gone too far meanwhile, as it is now."""
        key = write_key(turn.id, "cancel")
        cancel = self.backend.cancel_order if isinstance(subject, Order) else self.backend.cancel_mission
        try:
            return await cancel(customer, subject.code, key=key)
        except Refused as refused:
            if refused.code != ProblemCode.TOO_LATE_TO_CANCEL:
                raise
            return await subject_by_code(
                self.backend, customer, subject.code, is_order=not isinstance(subject, Mission)
            )


class CancelShown(CancelOrder):
    """A bare "cancel" with nothing being asked: the order or delivery on the screen, if it may be cancelled."""

    def name(self) -> str:
        """As in the domain."""
        return "action_cancel_shown"

    async def answer(self, turn: Turn) -> list[Event]:
        """Nothing else is touched; what may have been ordered or sent comes first."""
        if gives_up := _given_up(turn) or _doubt(turn):
            return [FollowupAction(gives_up)]
        order, delivery = shown_order(turn), turn.slot("shown_delivery")
        if order or delivery:
            customer = await self.people.customer(turn.sender_id)
            with contextlib.suppress(NotFound):
                code = order or delivery
                subject = await subject_by_code(self.backend, customer, code, is_order=order is not None)
                if self.will_do(subject):
                    return await self.about(turn, customer, subject)
        turn.say("utter_nothing_to_cancel")
        return []

    def again(self, turn: Turn) -> str:
        """The same word."""
        return payload("cancel")


def _given_up(turn: Turn) -> str | None:
    """What gives up the one that a button stands under."""
    return next((action for entity, action in _GIVES_UP.items() if turn.entity(entity)), None)


def _doubt(turn: Turn) -> str | None:
    """What finds out about the order, else about the parcel, of which nobody knows whether it was made."""
    if OrderSummary.in_doubt_of(turn):
        return _GIVES_UP["order_summary"]
    return _GIVES_UP["parcel_summary"] if ParcelSummary.in_doubt_of(turn) else None


def _names(turn: Turn, subject: Subject) -> dict[str, str]:
    """What the responses call it."""
    entity = code_entity(subject)
    return {"code": subject.code, "entity": entity, "thing": compose("thing", turn.language, entity=entity)}
