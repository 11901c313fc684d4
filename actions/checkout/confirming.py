"""The last question: what is ordered, where it goes, how it is paid, what it costs, when it arrives."""

from rasa_sdk.events import FollowupAction

from actions.checkout.draft import FORM, Summary, Wish, asked_again, dropoff, kept_options, laid_aside
from actions.checkout.options import option_title
from actions.checkout.quoting import LISTEN, Priced, in_the_way, priced, told
from actions.people import Person
from actions.shop.cart import Cart
from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload
from actions.words import compose
from channels.whatsapp.limits import MAX_INTERACTIVE_BODY, length
from trade.markup import plain, shorten
from trade.moments import format_moment
from trade.money import Money, format_money
from trade.orders import OrderQuote, PricedLine
from trade.payments import PaymentChoice, PaymentMethod, PaymentOption
from trade.phones import as_dialled

# What is shown of each answer; of the lines, as many as there is room for.
MAX_ADDRESS_SHOWN, MAX_NAME_SHOWN, MAX_CHOICES_SHOWN, MAX_NOTE_SHOWN = 160, 60, 60, 150
MAX_PROVIDER_SHOWN = 40


class AskOrderConfirmation(CustomerAction):
    """Shows the summary with its price and whatever is not as it was; asks again what will not do."""

    def name(self) -> str:
        """As Rasa wants it for the last slot of checkout_form."""
        return "action_ask_checkout_form_checkout_confirmed"

    async def answer(self, turn: Turn) -> list[Event]:
        """Ask for the price anew each time: the person agrees to what is true now."""
        cart = Cart.of(turn)
        if cart.is_empty:
            turn.say("utter_checkout_empty")
            return [*laid_aside(), LISTEN]
        customer, person = await self.people.customer(turn.sender_id), await self.people.person(turn.sender_id)
        found = await priced(self.backend, customer, cart, dropoff(turn))
        if (stopped := in_the_way(turn, person, found)) is not None:
            return stopped
        wish = Wish.of(turn, found.cart, found.quote.total)
        if not _is_offered(wish.payment, found.quote):
            kept = kept_options(found.quote.payment_options)
            return [*found.events, kept, *asked_again("payment", "unavailable"), FollowupAction(FORM)]
        summary, dearer_than = _summary(turn, wish)
        text = _text(turn.language, person, found, wish, dearer_than)
        turn.say("utter_order_summary", text=text, summary=summary.id)
        return [*found.events, summary.event()]

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("checkout")


def _is_offered(chosen: PaymentChoice, quote: OrderQuote) -> bool:
    """Where a business names no way to pay, it is paid in cash."""
    offered = [(each.method, each.provider) for each in quote.payment_options]
    return (chosen.method, chosen.provider) in (offered or [(PaymentMethod.CASH, None)])


def _summary(turn: Turn, wish: Wish) -> tuple[Summary, Money | None]:
    """The wish stays the same where nothing was changed, and a button tapped late still means it.

    Beside it what the same cart cost at the same place before, where that was something else.
    """
    before = Summary.of(turn)
    if before is None:
        return Summary(id=turn.id, wish=wish), None
    if before.id and before.wish == wish:
        return before, None
    is_repriced = before.wish.draft == wish.draft and before.wish.total != wish.total
    return Summary(id=turn.id, wish=wish), before.wish.total if is_repriced else None


def _text(language: str, person: Person, found: Priced, wish: Wish, before: Money | None) -> str:
    """With as many lines of the cart as fit into one message."""
    for count in range(len(found.quote.lines), 0, -1):
        text = _composed(language, person, found, wish, before, count)
        if length(text) <= MAX_INTERACTIVE_BODY:
            return text
    return shorten(text, MAX_INTERACTIVE_BODY)


def _composed(language: str, person: Person, found: Priced, wish: Wish, before: Money | None, count: int) -> str:
    quote, recipient = found.quote, wish.recipient
    option = PaymentOption(method=wish.payment.method, provider=wish.payment.provider)
    place = wish.draft.dropoff
    return compose(
        "checkout_summary",
        language,
        changes=told(found.changes, language) if found.changes else "",
        before=format_money(before, language) if before else "",
        merchant=_field(quote.merchant.name if quote.merchant else found.cart.merchant, MAX_NAME_SHOWN),
        lines=[_line(line, language) for line in quote.lines[:count]],
        left_out=len(quote.lines) - count,
        promo_code=_field(quote.promo_code, MAX_NAME_SHOWN),
        discount=format_money(quote.discount, language) if quote.discount.amount else "",
        delivery_fee=format_money(quote.delivery_fee, language) if quote.delivery_fee else "",
        total=format_money(quote.total, language),
        dropoff=_field(place.address if place else None, MAX_ADDRESS_SHOWN),
        recipient=_field(recipient.name, MAX_NAME_SHOWN) if recipient else "",
        phone=as_dialled(recipient.phone, person.country) if recipient else "",
        payment=option_title(option, language, MAX_PROVIDER_SHOWN),
        note=_field(wish.note, MAX_NOTE_SHOWN),
        arrival=format_moment(quote.expected_at, person.timezone, language) if quote.expected_at else "",
    )


def _line(line: PricedLine, language: str) -> dict[str, str | int]:
    return {
        "quantity": line.quantity,
        "name": _field(line.name, MAX_NAME_SHOWN),
        "choices": _field(", ".join(line.choice_names), MAX_CHOICES_SHOWN),
        "note": _field(line.note, MAX_NOTE_SHOWN),
        "total": format_money(line.total, language),
    }


def _field(text: str | None, limit: int) -> str:
    return shorten(plain(text or ""), limit)
