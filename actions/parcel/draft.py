"""What has been said about a parcel so far: the slots of the form, read as values and written as events."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

from rasa_sdk.events import SlotSet

from actions.answers import place_of
from actions.checkout.draft import payment_slot
from actions.checkout.options import chosen_option
from actions.turn import Event, Turn
from backend import write_key
from trade.missions import MissionDraft, MissionQuote, Recipient
from trade.money import Money
from trade.payments import PaymentChoice, PaymentMethod

FORM = "parcel_form"
#: What may be changed, in the order of the questions; each is the slot `parcel_<field>`.
ASKED = ("pickup", "dropoff", "recipient_name", "recipient_phone", "value", "note")
PLACES = ASKED[:2]
FIELDS = (*ASKED, "payment")  # which nobody is asked who does not want it otherwise
#: What stands in the slot of the payment where the business decides.
AS_USUAL: dict[str, Any] = {}
#: What stands there in words, where it was said before there was anything to choose from.
WANTED = "wanted"

_NO_PROBLEM = {"parcel_problem": "none", "parcel_attempts": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel whose every question is answered."""

    draft: MissionDraft
    recipient: Recipient
    note: str | None

    @classmethod
    def of(cls, turn: Turn, currency: str) -> Self:
        """As the slots tell it; the value is in the business's currency (ISO 4217)."""
        value = turn.slot("parcel_value")
        return cls(
            draft=MissionDraft(
                pickup=place_of(turn.slot("parcel_pickup")),
                dropoff=place_of(turn.slot("parcel_dropoff")),
                value=Money(amount=Decimal(value), currency=currency) if value else None,
            ),
            recipient=Recipient(name=turn.slot("parcel_recipient_name"), phone=turn.slot("parcel_recipient_phone")),
            note=turn.slot("parcel_note") or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a person is asked to agree to. Its id names the wish: whoever confirms it twice gets one parcel."""

    id: str
    total: Money
    payment: PaymentChoice
    in_doubt: bool = False  # it was confirmed, and the answer was lost

    @classmethod
    def of(cls, turn: Turn) -> Self | None:
        """The one that was shown last, if what it says still holds."""
        slot = turn.slot("parcel_quote")
        if not slot:
            return None
        return cls(
            id=slot["id"],
            total=Money(amount=Decimal(slot["amount"]), currency=slot["currency"]),
            payment=PaymentChoice(method=slot["method"], provider=slot["provider"]),
            in_doubt=slot.get("in_doubt", False),  # a talk may have begun before this was kept
        )

    @classmethod
    def in_doubt_of(cls, turn: Turn) -> Self | None:
        """The parcel that may or may not have been created, if there is one: "cancel" is about that one first."""
        summary = cls.of(turn)
        return summary if summary is not None and summary.in_doubt else None

    @property
    def key(self) -> str:
        """Of the write that creates it, however often that is tried."""
        return write_key(self.id, "create_parcel")

    def used_up(self) -> Event:
        """Keeps what it said and not its id: the next one is another wish, even at the same price."""
        return replace(self, id="", in_doubt=False).event()

    def event(self) -> Event:
        """Keeps it in the conversation."""
        slot = {
            "id": self.id,
            "amount": str(self.total.amount),
            "currency": self.total.currency,
            "method": self.payment.method,
            "provider": self.payment.provider,
            "in_doubt": self.in_doubt,
        }
        return SlotSet("parcel_quote", slot)  # type: ignore[no-any-return]


def payment_so_far(turn: Turn) -> dict[str, Any]:
    """What was said of it; where no question was open, nobody looked at the words yet."""
    said = turn.slot("parcel_payment") or AS_USUAL
    return {WANTED: said} if isinstance(said, str) else said


def chosen_payment(turn: Turn, quote: MissionQuote) -> PaymentChoice:
    """As the person chose, if that is offered; else in cash where the business takes it, else the first way."""
    options = quote.payment_options
    chosen = payment_so_far(turn)
    if WANTED in chosen:
        option = chosen_option(chosen[WANTED], options)
        chosen = payment_slot(option) if option else AS_USUAL
    if any(option.method == chosen.get("method") and option.provider == chosen["provider"] for option in options):
        return PaymentChoice(**chosen)
    cash = PaymentMethod.CASH
    if not options or any(option.method == cash for option in options):
        return PaymentChoice(method=cash)
    return PaymentChoice(method=options[0].method, provider=options[0].provider)


def accepted(field: str, value: Any) -> dict[str, Any]:
    """The slots after a good answer: the summary before it says something else."""
    return {f"parcel_{field}": value, "parcel_quote": None, **_NO_PROBLEM}


def asked_again(field: str, problem: str = "none") -> list[Event]:
    """The form puts this question next."""
    slots = {f"parcel_{field}": None, "parcel_quote": None, "parcel_problem": problem, "parcel_attempts": 0}
    return _events(slots)


def forgotten() -> list[Event]:
    """Nothing of the parcel stays in the conversation."""
    slots = [f"parcel_{field}" for field in FIELDS]
    return _events(dict.fromkeys([*slots, "parcel_confirmed", "parcel_quote", "checkout_options"]) | _NO_PROBLEM)


def _events(slots: dict[str, Any]) -> list[Event]:
    return [SlotSet(name, value) for name, value in slots.items()]
