"""A word about paying: a reference is handed on, a receipt is shown, else how this one is paid and how far that is."""

import re

from actions.checkout.paying import REFERENCE_FORM, GiveReference, owed
from actions.forms import begin
from actions.paying.receipt import receipt_text
from actions.subjects import Subject, SubjectAction, code_entity, code_of_message, shown
from actions.turn import Event, Turn, payload
from actions.words import compose
from backend import Customer, Refused
from trade.markup import plain
from trade.missions import Allowed
from trade.moments import format_moment
from trade.money import format_money
from trade.payments import Payment, PaymentMethod, PaymentStatus
from trade.phones import as_dialled
from trade.problems import ProblemCode

OPEN = frozenset({PaymentStatus.DUE, PaymentStatus.CHECKING})

_RECEIPT = re.compile(
    r"(?<!\w)(?:(?:un|mon|le|du|ton|votre|ce) re[cç]us?|re[cç]u (?:svp|stp|de|du|pour)|factures?|quittance|justificatif"
    r"|receipts?|invoices?|proof of payment)(?!\w)|^\W*re[cç]u\W*$",
    re.IGNORECASE,
)


class PaymentQuestion(SubjectAction):
    """Answers what is asked about paying; where money is to be sent, says where and waits for the reference."""

    intent = "payment_question"
    choose = "utter_choose_paid"
    nothing = "utter_payment_general"

    def name(self) -> str:
        """As in the domain."""
        return "action_payment_question"

    def among(self, turn: Turn, subjects: tuple[Subject, ...]) -> list[Subject]:
        """What is not settled; if all is, or for the receipt, the last one that was."""
        with_payment = [each for each in subjects if each.payment]
        unsettled = [each for each in with_payment if each.payment and each.payment.status in OPEN]
        paid = [each for each in with_payment if each.payment and each.payment.status == PaymentStatus.PAID]
        if wants_receipt(turn):
            return paid[:1] or with_payment[:1]
        return unsettled or with_payment[:1]

    def carried(self, turn: Turn) -> dict[str, str]:
        """That the receipt is wanted."""
        return {"receipt": "yes"} if wants_receipt(turn) else {}

    async def answer(self, turn: Turn) -> list[Event]:
        """Whoever tells a reference has paid."""
        if turn.entity("payment_reference"):
            return await GiveReference(self.people, self.backend).answer(turn)
        return await super().answer(turn)

    def again(self, turn: Turn) -> str:
        """The same reference, or the same question."""
        if reference := turn.entity("payment_reference"):
            codes = tuple(code_of_message(turn).values())
            return payload("affirm", payment_reference=reference, **({"pay_about": codes[0]} if codes else {}))
        return super().again(turn)

    async def about(self, turn: Turn, customer: Customer, subject: Subject) -> list[Event]:
        """What is wanted of this one; the questions of another form are only left for what was named."""
        if wants_receipt(turn):
            return await self._receipt(turn, customer, subject)
        is_free = turn.form in (None, REFERENCE_FORM) or code_of_message(turn)
        if Allowed.PAY in subject.allowed and subject.payment and is_free:
            return [*shown(subject), *owed(subject.payment), *begin(turn, REFERENCE_FORM)]
        await self._tell(turn, subject)
        return shown(subject)

    async def _receipt(self, turn: Turn, customer: Customer, subject: Subject) -> list[Event]:
        try:
            receipt = await self.backend.receipt(customer, subject.code)
        except Refused as refused:
            if refused.code != ProblemCode.NOT_PAID:
                raise
            await self._tell(turn, subject, "utter_not_paid_yet")
            return shown(subject)
        person = await self.people.person(turn.sender_id)
        turn.say("utter_receipt", text=receipt_text(receipt, person.timezone, turn.language))
        return shown(subject)

    async def _tell(self, turn: Turn, subject: Subject, response: str = "utter_payment") -> None:
        person = await self.people.person(turn.sender_id)
        payment = subject.payment
        if payment is None:
            turn.say("utter_payment_unknown", code=plain(subject.code))
            return
        state = _state(payment, person.timezone, person.country, turn.language)
        turn.say(response, code=plain(subject.code), entity=code_entity(subject), state=state)


def wants_receipt(turn: Turn) -> bool:
    """Whether the proof of a payment is asked for."""
    return turn.entity("receipt") is not None or (not turn.is_tapped and _RECEIPT.search(turn.text) is not None)


def _state(payment: Payment, timezone: str, country: str | None, language: str) -> str:
    """How it is paid and how far that is, in a sentence or two."""
    return compose(
        "payment_state",
        language,
        status=payment.status if payment.status in PaymentStatus else "unknown",
        is_cash=payment.method == PaymentMethod.CASH,
        provider=plain(payment.provider or ""),
        pay_to=as_dialled(payment.pay_to, country) if payment.pay_to else "",
        reference=plain(payment.reference or ""),
        amount=format_money(payment.amount, language),
        paid_at=format_moment(payment.paid_at, timezone, language) if payment.paid_at else "",
    )
