"""How to reach who sells: a contact card and the hours, of the one that is named, on the screen or ordered from."""

from collections.abc import Iterable

from actions.contact import contact_card
from actions.shop.matching import bare, is_like
from actions.shop.opening import opens
from actions.shop.visit import Visit
from actions.spoken import CustomerAction
from actions.subjects import Unknown, code_of_message, named_subject, newest, shown_order
from actions.turn import Event, Row, Turn, payload
from actions.words import compose
from backend import NotFound
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION, MAX_ROW_TITLE
from trade.markup import plain, shorten
from trade.merchants import Merchant
from trade.orders import Order, Seller

FEWEST_LETTERS = 4  # of a word that names somebody
MAX_TEXT = 160  # characters of a name or an address
# Words for any shop of a kind; they name one only beside another word.
_KINDS = {"restaurant", "boutique", "pharmacie", "parapharmacie", "supermarche", "maquis", "epicerie"}
_KINDS |= {"patisserie", "papeterie", "boulangerie", "chez"}


class ContactMerchant(CustomerAction):
    """Sends the card of the merchant in question."""

    def name(self) -> str:
        """As in the domain."""
        return "action_contact_merchant"

    async def answer(self, turn: Turn) -> list[Event]:
        """By the button, the order or the name in the message; else of the screen, the cart or the last order."""
        visit = await Visit.of(self, turn)
        if tapped := turn.entity("merchant_id"):
            return self._introduce(visit, await visit.merchant(tapped), None)
        match await named_subject(turn, self.backend, visit.customer):
            case Unknown(code=code):
                turn.say("utter_delivery_not_found", code=code)
                return []
            case Order() as order:
                return self._introduce(visit, await visit.merchant(order.merchant.id), order.merchant)
            case None:
                pass
            case mission:
                turn.say("utter_delivery_without_merchant", code=mission.code)
                return []
        merchants = await visit.merchants()
        if named := None if turn.is_tapped else named_merchant(turn.text, merchants):
            return self._introduce(visit, named, None)
        if seller := await self._seller(visit):
            return self._introduce(visit, await visit.merchant(seller.id), seller)
        if not merchants:
            turn.say("utter_no_merchant")
            return []
        rows = [_row(merchant, visit) for merchant in merchants]
        turn.say("utter_choose_merchant", buttons=rows)
        return []

    def again(self, turn: Turn) -> str:
        """The same one."""
        merchant = turn.entity("merchant_id")
        return payload("contact_merchant", **code_of_message(turn), **({"merchant_id": merchant} if merchant else {}))

    async def _seller(self, visit: Visit) -> Seller | None:
        """Of what is on the screen, of the cart, or of the last order."""
        turn = visit.turn
        if code := shown_order(turn):
            try:
                return (await self.backend.order(visit.customer, code)).merchant
            except NotFound:
                return None
        merchant = turn.slot("shown_merchant") or visit.cart.merchant_id
        if merchant is None and (shown := turn.slot("shown_product")):
            product = await visit.product(shown)
            merchant = product.merchant_id if product else None
        if merchant:
            return Seller(id=merchant, name=visit.cart.merchant or "")
        orders = (each for each in await newest(self.backend, visit.customer) if isinstance(each, Order))
        return next((order.merchant for order in orders), None)

    def _introduce(self, visit: Visit, merchant: Merchant | None, seller: Seller | None) -> list[Event]:
        """The card and when it is open; what the order tells of it, where the shop itself is gone."""
        turn = visit.turn
        name = merchant.name if merchant else seller.name if seller else ""
        phone = merchant.phone if merchant else seller.phone if seller else None
        if not name:
            turn.say("utter_no_merchant")
            return []
        text = _text(visit, name, merchant)
        card = contact_card(name, phone)
        others = payload("browse_products", merchant_id=merchant.id) if merchant else payload("browse_products")
        turn.say("utter_merchant_contact" if card else "utter_merchant_without_number", text=text, others=others)
        if card:
            turn.send(card)
        return []


def named_merchant(text: str, merchants: Iterable[Merchant]) -> Merchant | None:
    """The one whose name the text tells best, typos forgiven; None where it tells none, or several alike."""
    said = _words(text)
    scores = [(sum(_is_said(word, said) for word in _words(each.name) - _KINDS), each) for each in merchants]
    best = max((score for score, _ in scores), default=0)
    meant = [each for score, each in scores if score == best]
    if best == 0:  # "le numéro de la pharmacie", where there is one
        meant = [each for each in meant if any(_is_said(word, said) for word in _words(each.name) & _KINDS - {"chez"})]
    return meant[0] if len(meant) == 1 else None


def _words(text: str) -> set[str]:
    letters = "".join(letter if letter.isalpha() else " " for letter in bare(text))
    return {word for word in letters.split() if len(word) >= FEWEST_LETTERS}


def _is_said(word: str, said: set[str]) -> bool:
    return any(is_like(each, word) for each in said)


def _text(visit: Visit, name: str, merchant: Merchant | None) -> str:
    opens_at = merchant.opens_at if merchant else None
    hours = tuple((plain(days), plain(times)) for days, times in merchant.hours.items()) if merchant else ()
    return compose(
        "merchant_contact",
        visit.language,
        name=shorten(plain(name), MAX_TEXT),
        is_known=merchant is not None,
        open_now=merchant is not None and merchant.open_now,
        opens=opens(opens_at, visit.person.timezone, visit.language, visit.now),
        hours=compose("hours", visit.language, hours=hours) if hours else "",
        address=shorten(plain((merchant.address if merchant else None) or ""), MAX_TEXT),
    )


def _row(merchant: Merchant, visit: Visit) -> Row:
    kind = plain(merchant.category.name_in(visit.language)) if merchant.category else ""
    description = compose("merchant_row", visit.language, kind=kind, open_now=merchant.open_now)
    return {
        "title": shorten(plain(merchant.name), MAX_ROW_TITLE),
        "description": shorten(description, MAX_ROW_DESCRIPTION),
        "payload": payload("contact_merchant", merchant_id=merchant.id),
    }
