"""The operator's reference of a payment: asked for right after the order, and understood whenever it comes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.spoken import CustomerAction, SpokenAction
from actions.subjects import code_of_message
from actions.turn import Event, Row, Turn, payload
from actions.validating import ValidateAnswers, tried_again
from actions.words import compose
from backend import BackendClient, Customer, InDoubt, NotFound, Refused, write_key
from channels.whatsapp.limits import MAX_ROW_TITLE
from trade.markup import plain, shorten
from trade.missions import Allowed
from trade.money import Money, format_money
from trade.payments import Payment, PaymentMethod, PaymentStatus
from trade.phones import as_dialled
from trade.problems import ProblemCode
from trade.references import read_reference

REFERENCE_FORM = "reference_form"
MAX_LOOKED_AT = 10  # of the newest orders, and of the newest deliveries
MAX_PROVIDER_SHOWN = 40  # characters

LISTEN = FollowupAction("action_listen")


def is_to_be_paid(payment: Payment | None) -> bool:
    """Whether the person has money to send, and then a reference to tell."""
    return (
        payment is not None
        and payment.method == PaymentMethod.MOBILE_MONEY
        and payment.status == PaymentStatus.DUE
        and payment.reference is None
    )


def paid_next(turn: Turn, payment: Payment | None) -> list[Event]:
    """Asks for the reference, if there is money to send; the question of another form goes before."""
    if not is_to_be_paid(payment):
        return []
    return [*owed(payment), *([] if turn.form else [FollowupAction(REFERENCE_FORM)])]


def owed(payment: Payment | None) -> list[Event]:
    """Keeps what is to be paid until its reference is known, or something else is to be paid."""
    assert payment is not None  # noqa: S101 - asked by `is_to_be_paid`
    slot = {
        "about": payment.about,
        "amount": str(payment.amount.amount),
        "currency": payment.amount.currency,
        "provider": payment.provider,
        "pay_to": payment.pay_to,
    }
    return [SlotSet("payment_owed", slot), *_begun("how")]


class AskReference(CustomerAction):
    """Says how to pay, then waits for the reference."""

    def name(self) -> str:
        """As Rasa wants it for reference_form."""
        return "action_ask_reference_form_payment_reference"

    async def answer(self, turn: Turn) -> list[Event]:
        """The first time with all that one needs to pay, then in a line."""
        slot, person = turn.slot("payment_owed") or {}, await self.people.person(turn.sender_id)
        total = Money(amount=Decimal(slot["amount"]), currency=slot["currency"])
        text = compose(
            "checkout_reference",
            turn.language,
            problem=turn.slot("reference_problem"),
            code=slot["about"],
            total=format_money(total, turn.language),
            provider=shorten(plain(slot["provider"] or ""), MAX_PROVIDER_SHOWN),
            pay_to=as_dialled(slot["pay_to"], person.country) if slot["pay_to"] else "",
        )
        turn.say("utter_payment_reference", text=text)
        return [SlotSet("reference_problem", "none")]

    def again(self, turn: Turn) -> str:
        """What can be done with what is to be paid."""
        return payload("payment_question")


class ValidateReferenceForm(ValidateAnswers):
    """Takes one reference; what holds none or several is asked for again."""

    attempts, summary = "reference_attempts", "payment_reference"

    def name(self) -> str:
        """As Rasa wants it for reference_form."""
        return "validate_reference_form"

    def again(self, turn: Turn) -> str:
        """What can be done with what is to be paid."""
        return payload("payment_question")

    def validate_payment_reference(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Written as the operator writes it."""
        if value is None:
            return {"payment_reference": None}
        turn = Turn(dispatcher, tracker)
        if turn.entity("later"):
            return {"payment_reference": None, "requested_slot": None}
        if reference := read_reference(value):
            return {"payment_reference": reference, "reference_problem": "none", "reference_attempts": 0}
        attempts = tried_again(turn, "reference_attempts", "utter_reference_stuck")
        return {"payment_reference": None, "reference_problem": "unreadable", "reference_attempts": attempts}


class GiveReference(CustomerAction):
    """Tells the backend the reference of a payment."""

    def name(self) -> str:
        """As in the domain."""
        return "action_give_reference"

    async def answer(self, turn: Turn) -> list[Event]:
        """For what was just ordered, for what is named, else for what is still to be paid."""
        events = await self._answer(turn)
        is_without_rule = turn.intent == "nlu_fallback" and turn.slot("payment_reference") is None
        return [*events, LISTEN] if is_without_rule and FollowupAction(REFERENCE_FORM) not in events else events

    async def _answer(self, turn: Turn) -> list[Event]:
        reference = _reference(turn)
        if reference is None:
            _without(turn)
            return self.forget()
        customer = await self.people.customer(turn.sender_id)
        about = _about(turn)
        payable = [about] if about else await payable_codes(self.backend, customer)
        match payable:
            case []:
                turn.say("utter_reference_for_nothing")
            case [code]:
                return await self._give(turn, customer, code, reference)
            case several:
                turn.say("utter_reference_for_which", buttons=_rows(several, reference))
        return self.forget()

    def again(self, turn: Turn) -> str:
        """The same reference for the same thing."""
        reference, about = _reference(turn), _about(turn)
        if reference is None:
            return payload("payment_question")
        return payload("affirm", payment_reference=reference, **({"pay_about": about} if about else {}))

    def forget(self) -> list[Event]:
        """The form asks anew next time."""
        return [SlotSet("payment_reference", None), SlotSet("reference_attempts", 0)]

    async def _give(self, turn: Turn, customer: Customer, code: str, reference: str) -> list[Event]:
        try:
            # The same reference for the same thing is the same wish, in whichever turn it is told.
            key = write_key(f"{code}:{reference}", "pay")
            payment = await self.backend.pay(customer, code, reference, key=key)
        except InDoubt:
            turn.say("utter_reference_in_doubt", again=payload("affirm", payment_reference=reference, pay_about=code))
            return self.forget()
        except NotFound:
            turn.say("utter_delivery_not_found", code=code)
            return self.forget()
        except Refused as refused:
            return self._refused(turn, refused, code)
        is_paid = payment.status == PaymentStatus.PAID
        turn.say("utter_reference_paid" if is_paid else "utter_reference_taken", code=code)
        return [*self.forget(), SlotSet("payment_owed", None)]

    def _refused(self, turn: Turn, refused: Refused, code: str) -> list[Event]:
        match refused.code:
            case ProblemCode.PAYMENT_REFERENCE_USED if turn.slot("payment_owed") and turn.form is None:
                return [*self.forget(), *_begun("used"), FollowupAction(REFERENCE_FORM)]
            case ProblemCode.PAYMENT_REFERENCE_USED:
                turn.say("utter_reference_used", code=code)
            case ProblemCode.NOTHING_TO_PAY:
                turn.say("utter_nothing_to_pay", code=code)
                return [*self.forget(), SlotSet("payment_owed", None)]
            case _:
                raise refused
        return self.forget()


class ReferenceLater(SpokenAction):
    """Lets the person pay when they like; what is ordered stays ordered."""

    def name(self) -> str:
        """As in the domain."""
        return "action_reference_later"

    async def answer(self, turn: Turn) -> list[Event]:
        """What is to be paid stays known."""
        turn.say("utter_reference_later", code=(turn.slot("payment_owed") or {}).get("about", ""))
        return _begun("none")


async def payable_codes(backend: BackendClient, customer: Customer) -> list[str]:
    """The orders and deliveries for which a reference may be given, newest first."""
    orders = (await backend.orders(customer, MAX_LOOKED_AT)).items
    missions = await backend.missions(customer, MAX_LOOKED_AT)
    due = [order.code for order in orders if Allowed.PAY in order.allowed]
    return due + [mission.code for mission in missions if Allowed.PAY in mission.allowed]


def _reference(turn: Turn) -> str | None:
    said = turn.slot("payment_reference") or turn.entity("payment_reference")
    return read_reference(said) if said else None


def _without(turn: Turn) -> None:
    """Nothing to tell the backend, now."""
    owed_for = (turn.slot("payment_owed") or {}).get("about")
    if turn.entity("later") and owed_for:
        turn.say("utter_reference_later", code=owed_for)
    else:
        turn.say("utter_reference_unclear")


def _about(turn: Turn) -> str | None:
    """What the message or the tap names, else what the form was asking about."""
    owed_for = (turn.slot("payment_owed") or {}).get("about")
    named = next(iter(code_of_message(turn).values()), None)
    return turn.entity("pay_about") or named or (owed_for if turn.slot("payment_reference") else None)


def _begun(problem: str) -> list[Event]:
    slots = {"payment_reference": None, "reference_problem": problem, "reference_attempts": 0}
    return [SlotSet(name, value) for name, value in slots.items()]


def _rows(codes: Sequence[str], reference: str) -> list[Row]:
    return [
        {
            "title": shorten(plain(code), MAX_ROW_TITLE),
            "payload": payload("affirm", payment_reference=reference, pay_about=code),
        }
        for code in codes
    ]
