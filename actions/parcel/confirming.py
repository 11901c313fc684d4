"""The last question: everything that was said, what it costs, when it arrives."""

from rasa_sdk.events import FollowupAction

from actions.checkout.draft import kept_options
from actions.parcel.draft import FORM, Parcel, Summary, asked_again, chosen_payment
from actions.people import Person
from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload
from actions.words import compose
from backend import BackendClient, Customer, Refused
from trade.markup import plain, shorten
from trade.missions import MissionDraft, MissionQuote
from trade.moments import format_moment
from trade.money import format_money
from trade.payments import PaymentChoice
from trade.phones import as_dialled
from trade.places import Place
from trade.problems import ProblemCode

# What is shown of each answer: together they stay under the 1 024 characters of a message with buttons.
MAX_ADDRESS_SHOWN, MAX_NAME_SHOWN, MAX_NOTE_SHOWN = 160, 80, 200

#: What a backend says of a place, and what the question for it then says.
PLACE_PROBLEMS: dict[str, str] = {ProblemCode.ADDRESS_UNCLEAR: "unclear", ProblemCode.OUTSIDE_AREA: "outside"}


class AskParcelConfirmation(CustomerAction):
    """Shows the summary with its price; where a place will not do, asks for that place again."""

    def name(self) -> str:
        """As Rasa wants it for the last slot of parcel_form."""
        return "action_ask_parcel_form_parcel_confirmed"

    async def answer(self, turn: Turn) -> list[Event]:
        """Ask for the price anew each time: the person agrees to what is true now."""
        customer, person = await self.people.customer(turn.sender_id), await self.people.person(turn.sender_id)
        parcel = Parcel.of(turn, person.currency or turn.slot("currency"))
        try:
            quote = await self.backend.quote_mission(customer, parcel.draft)
        except Refused as refused:
            return await place_asked_again(self.backend, customer, parcel.draft, refused)
        before = Summary.of(turn)
        summary = _summary(turn, quote, before)
        is_new_price = before is not None and before.total != quote.total
        text = _text(turn.language, person, parcel, quote, summary.payment, is_new_price=is_new_price)
        turn.say("utter_parcel_summary", text=text, summary=summary.id)
        return [summary.event(), kept_options(quote.payment_options)]

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("create_delivery")


def _summary(turn: Turn, quote: MissionQuote, before: Summary | None) -> Summary:
    """The wish stays the same where nothing was changed: a button tapped late still means it."""
    is_same = before is not None and before.total == quote.total
    return Summary(
        id=before.id if before and before.id and is_same else turn.id,
        total=quote.total,
        payment=chosen_payment(turn, quote),
    )


def _text(
    language: str, person: Person, parcel: Parcel, quote: MissionQuote, payment: PaymentChoice, *, is_new_price: bool
) -> str:
    return compose(
        "parcel_summary",
        language,
        pickup=_place(parcel.draft.pickup),
        dropoff=_place(parcel.draft.dropoff),
        recipient=shorten(plain(parcel.recipient.name), MAX_NAME_SHOWN),
        phone=as_dialled(parcel.recipient.phone, person.country),
        value=format_money(parcel.draft.value, language) if parcel.draft.value else "",
        note=shorten(plain(parcel.note or ""), MAX_NOTE_SHOWN),
        price=format_money(quote.total, language),
        arrival=format_moment(quote.expected_at, person.timezone, language),
        method=payment.method,
        provider=plain(payment.provider or ""),
        is_new_price=is_new_price,
    )


async def place_asked_again(
    backend: BackendClient, customer: Customer, draft: MissionDraft, refused: Refused
) -> list[Event]:
    """The question for the place that will not do. Raises what was refused where that is something else."""
    return [*asked_again(*await amiss(backend, customer, draft, refused)), FollowupAction(FORM)]


async def amiss(backend: BackendClient, customer: Customer, draft: MissionDraft, refused: Refused) -> tuple[str, str]:
    """Which place will not do, pickup or dropoff, and why. Raises what was refused where that is something else."""
    problem = PLACE_PROBLEMS.get(refused.code)
    if problem is None:
        raise refused
    return "pickup" if await _will_not_do(backend, customer, draft.pickup) else "dropoff", problem


async def place_problem(backend: BackendClient, customer: Customer, draft: MissionDraft) -> tuple[str, str] | None:
    """Which of the two places will not do, and why; None where a courier can go. Raises BackendError."""
    try:
        await backend.quote_mission(customer, draft)
    except Refused as refused:
        if refused.code in PLACE_PROBLEMS:
            return await amiss(backend, customer, draft, refused)
    return None


async def _will_not_do(backend: BackendClient, customer: Customer, place: Place) -> bool:
    """Which of the two it is, the backend does not say: a way that begins and ends here tells."""
    try:
        await backend.quote_mission(customer, MissionDraft(pickup=place, dropoff=place))
    except Refused as refused:
        return refused.code in PLACE_PROBLEMS
    return False


def _place(place: Place) -> str:
    """The address as it was written; "" for a point on the map."""
    return shorten(plain(place.address or ""), MAX_ADDRESS_SHOWN)
