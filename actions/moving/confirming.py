"""The last question: from where to where, and what that costs now."""

from dataclasses import replace

from rasa_sdk.events import FollowupAction

from actions.forms import end
from actions.moving.move import FORM, Move, MoveSummary, as_events, asked_again, forgotten, names
from actions.spoken import CustomerAction
from actions.subjects import Subject, subject_by_code
from actions.turn import Event, Turn, payload
from actions.words import compose
from backend import BackendClient, Customer, NotFound, Refused
from trade.markup import plain, shorten
from trade.missions import Allowed, Mission, MissionDraft
from trade.money import Money, format_money
from trade.places import Place
from trade.problems import ProblemCode

MAX_ADDRESS_SHOWN = 160  # characters of each address, so that it stays a message with buttons

#: What a backend says of a place, and what the question for it then says.
PLACE_PROBLEMS: dict[str, str] = {ProblemCode.ADDRESS_UNCLEAR: "unclear", ProblemCode.OUTSIDE_AREA: "outside"}


class AskNewDropoffConfirmation(CustomerAction):
    """Shows the change with its price; where the place will not do, asks for another."""

    def name(self) -> str:
        """As Rasa wants it for the last slot of address_form."""
        return "action_ask_address_form_dropoff_confirmed"

    async def answer(self, turn: Turn) -> list[Event]:
        """Ask for the price anew each time: the person agrees to what is true now."""
        move = Move.of(turn)
        if move is None or move.dropoff is None:
            turn.say("utter_dropoff_summary_gone")
            return [*forgotten(), *end(turn, FORM)]
        customer = await self.people.customer(turn.sender_id)
        try:
            subject = await subject_by_code(self.backend, customer, move.code, is_order=move.is_order)
        except NotFound:
            turn.say("utter_delivery_not_found", code=move.code)
            return [*forgotten(), *end(turn, FORM)]
        if Allowed.CHANGE_DROPOFF not in subject.allowed:
            turn.say("utter_too_late_to_move", **names(turn, move))
            return [*forgotten(), *end(turn, FORM)]
        if _is_there_already(subject, move.dropoff):
            return [*as_events(asked_again("same")), FollowupAction(FORM)]
        before = MoveSummary.of(turn)
        try:
            total = before.total if before and not before.id else await _price(self.backend, customer, subject, move)
        except Refused as refused:
            if refused.code not in PLACE_PROBLEMS:
                raise
            return [*as_events(asked_again(PLACE_PROBLEMS[refused.code])), FollowupAction(FORM)]
        is_same = before is not None and before.id != "" and before.total == total
        summary = MoveSummary(id=before.id if before and is_same else turn.id, total=total)
        is_new_price = before is not None and not is_same
        text = _text(turn, subject, move.dropoff, total, is_new_price=is_new_price)
        turn.say("utter_dropoff_summary", text=text, summary=summary.id)
        return [summary.event()]

    def again(self, turn: Turn) -> str:
        """The form's question, put once more."""
        move = Move.of(turn)
        return payload("change_address", **{move.entity: move.code}) if move else payload("change_address")


def _is_there_already(subject: Subject, dropoff: Place) -> bool:
    """Of two points on the map nobody knows how near is the same."""
    now = " ".join((_address_of(subject) or "").casefold().split())
    return bool(now) and now == " ".join((dropoff.address or "").casefold().split())


def _address_of(subject: Subject) -> str | None:
    return subject.dropoff_address if isinstance(subject, Mission) else subject.dropoff.address


def cost_of(subject: Subject) -> Money | None:
    """What it costs as it is."""
    return subject.price if isinstance(subject, Mission) else subject.total


async def _price(backend: BackendClient, customer: Customer, subject: Subject, move: Move) -> Money:
    """What it would cost there. Raises Refused where the place will not do."""
    if isinstance(subject, Mission):
        draft = MissionDraft(pickup=subject.draft.pickup, dropoff=move.dropoff or Place(), value=subject.value)
        return (await backend.quote_mission(customer, draft)).total
    quote = await backend.quote_order(customer, replace(subject.draft, dropoff=move.dropoff))
    for problem in quote.problems:  # what has become of the shop since does not matter: it was ordered
        if problem.code in PLACE_PROBLEMS:
            raise Refused(409, problem)
    if quote.delivery_fee is None:
        return subject.total  # if it costs something else, the backend says so
    amount = subject.subtotal.amount - subject.discount.amount + quote.delivery_fee.amount
    return Money(amount=amount, currency=subject.total.currency)


def _text(turn: Turn, subject: Subject, dropoff: Place, total: Money, *, is_new_price: bool) -> str:
    cost, language = cost_of(subject), turn.language
    difference = total.amount - cost.amount if cost and cost.currency == total.currency else None
    return compose(
        "move_summary",
        language,
        code=plain(subject.code),
        before=shorten(plain(_address_of(subject) or ""), MAX_ADDRESS_SHOWN),
        dropoff=shorten(plain(dropoff.address or ""), MAX_ADDRESS_SHOWN),
        total=format_money(total, language),
        change="none" if difference is None else "same" if not difference else "more" if difference > 0 else "less",
        difference=format_money(Money(amount=abs(difference or 0 * total.amount), currency=total.currency), language),
        is_new_price=is_new_price,
    )
