"""What has been said about an order so far: the slots of the form, and the wish that they make with the cart."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.answers import MAX_NOTE, SKIPPED, place_of, place_slot
from actions.shop.cart import CART_EMPTY, Cart
from actions.turn import Event, Turn
from backend import write_key
from trade.markup import shorten
from trade.missions import Recipient
from trade.money import Money
from trade.orders import Line, OrderDraft
from trade.payments import PaymentChoice, PaymentOption
from trade.places import Place

FORM = "checkout_form"
#: What may be changed, in the order of the questions; each is the slot `checkout_<field>`.
FIELDS = ("dropoff", "recipient_name", "recipient_phone", "payment", "note")
#: Asked only of those who order for somebody else.
RECIPIENT = ("recipient_name", "recipient_phone")

_NO_PROBLEM = {"checkout_problem": "none", "checkout_attempts": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """All that a person agrees to: what is ordered, where it goes, how it is paid, what it costs."""

    draft: OrderDraft
    payment: PaymentChoice
    total: Money
    recipient: Recipient | None = None  # None where it is the customer
    note: str | None = None

    @classmethod
    def of(cls, turn: Turn, cart: Cart, total: Money) -> Self:
        """The cart at this price, with the answers of the form, all of which are given."""
        name, phone = turn.slot("checkout_recipient_name"), turn.slot("checkout_recipient_phone")
        return cls(
            draft=cart.draft(dropoff(turn)),
            payment=PaymentChoice(**turn.slot("checkout_payment")),
            total=total,
            recipient=Recipient(name=name, phone=phone) if name and phone else None,
            note=shorten(" · ".join(filter(None, (cart.note, turn.slot("checkout_note")))), MAX_NOTE) or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A wish as it was shown. Its id names it: whoever confirms it twice gets one order."""

    id: str
    wish: Wish
    in_doubt: bool = False  # it was confirmed, and the answer was lost

    @classmethod
    def of(cls, turn: Turn) -> Self | None:
        """The one that was shown last."""
        slot = turn.slot("checkout_summary")
        return cls(id=slot["id"], wish=_read(slot["wish"]), in_doubt=slot["in_doubt"]) if slot else None

    def still_holds(self, turn: Turn) -> bool:
        """Whether the cart and the answers are what they were when it was shown."""
        return is_answered(turn) and Wish.of(turn, Cart.of(turn), self.wish.total) == self.wish

    @classmethod
    def in_doubt_of(cls, turn: Turn) -> Self | None:
        """The order that may or may not have been placed, if there is one: "cancel" is about that one first."""
        summary = cls.of(turn)
        return summary if summary is not None and summary.in_doubt else None

    @property
    def key(self) -> str:
        """Of the write that places it, however often that is tried."""
        return write_key(self.id, "place_order")

    def used_up(self) -> Event:
        """Keeps what it said and not its id: the next one is another wish, even at the same price."""
        return replace(self, id="", in_doubt=False).event()

    def event(self) -> Event:
        """Keeps it in the conversation."""
        slot = {"id": self.id, "wish": _written(self.wish), "in_doubt": self.in_doubt}
        return SlotSet("checkout_summary", slot)  # type: ignore[no-any-return]


def dropoff(turn: Turn) -> Place | None:
    """Where it goes, as far as that was said."""
    slot = turn.slot("checkout_dropoff")
    return place_of(slot) if slot else None


def is_answered(turn: Turn) -> bool:
    """Whether every question but the last has its answer."""
    return all(turn.slot(f"checkout_{field}") is not None for field in FIELDS)


def payment_options(turn: Turn) -> tuple[PaymentOption, ...]:
    """The ways to pay that were offered last."""
    return tuple(PaymentOption(**each) for each in turn.slot("checkout_options") or ())


def kept_options(options: tuple[PaymentOption, ...]) -> Event:
    """Keeps what is offered: an answer in words is compared with it."""
    slot = [{"method": each.method, "provider": each.provider, "pay_to": each.pay_to} for each in options]
    return SlotSet("checkout_options", slot)  # type: ignore[no-any-return]


def payment_slot(option: PaymentOption) -> dict[str, Any]:
    """What is kept of the way that was chosen."""
    return {"method": option.method, "provider": option.provider}


def accepted(field: str, value: Any) -> dict[str, Any]:
    """The slots after a good answer."""
    return {f"checkout_{field}": value, **_NO_PROBLEM}


def asked_again(field: str, problem: str = "none") -> list[Event]:
    """The form puts this question next; of the recipient both."""
    fields = RECIPIENT if field == "recipient_name" else (field,)
    asked = {f"checkout_{each}": None for each in fields}
    return _events(asked | {"checkout_problem": problem, "checkout_attempts": 0})


def begun(turn: Turn) -> list[Event]:
    """It is for the customer, unless somebody else was named before."""
    nobody = {f"checkout_{field}": SKIPPED for field in RECIPIENT if turn.slot(f"checkout_{field}") is None}
    return _events(nobody | _NO_PROBLEM)


def emptied(turn: Turn, wish: Wish) -> list[Event]:
    """The cart is, where it is still what was ordered; what was put into it since stays."""
    return [CART_EMPTY] if Cart.of(turn).draft().lines == wish.draft.lines else []


def laid_aside() -> list[Event]:
    """The form is over and may be taken up again: its answers stay."""
    return [ActiveLoop(None), SlotSet("requested_slot", None)]


def forgotten() -> list[Event]:
    """Nothing of it stays in the conversation but the cart."""
    slots = [f"checkout_{field}" for field in FIELDS]
    others = ["checkout_confirmed", "checkout_options", "checkout_suggested", "checkout_summary"]
    return _events(dict.fromkeys([*slots, *others]) | _NO_PROBLEM)


def _events(slots: dict[str, Any]) -> list[Event]:
    return [SlotSet(name, value) for name, value in slots.items()]


def _written(wish: Wish) -> dict[str, Any]:
    return {
        "lines": [
            {
                "product_id": line.product_id,
                "quantity": line.quantity,
                "choices": list(line.choices),
                "note": line.note,
            }
            for line in wish.draft.lines
        ],
        "dropoff": place_slot(wish.draft.dropoff) if wish.draft.dropoff else None,
        "promo_code": wish.draft.promo_code,
        "payment": {"method": wish.payment.method, "provider": wish.payment.provider},
        "total": {"amount": str(wish.total.amount), "currency": wish.total.currency},
        "recipient": wish.recipient and {"name": wish.recipient.name, "phone": wish.recipient.phone},
        "note": wish.note,
    }


def _read(slot: dict[str, Any]) -> Wish:
    lines = tuple(
        Line(
            product_id=line["product_id"],
            quantity=line["quantity"],
            choices=tuple(line["choices"]),
            note=line.get("note"),
        )
        for line in slot["lines"]
    )
    place, total, recipient = slot["dropoff"], slot["total"], slot["recipient"]
    return Wish(
        draft=OrderDraft(lines=lines, dropoff=place_of(place) if place else None, promo_code=slot["promo_code"]),
        payment=PaymentChoice(**slot["payment"]),
        total=Money(amount=Decimal(total["amount"]), currency=total["currency"]),
        recipient=Recipient(**recipient) if recipient else None,
        note=slot["note"],
    )
