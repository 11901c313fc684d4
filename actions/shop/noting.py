"""A word on how something is to be, said by itself: it goes onto what is in the cart, for the merchant."""

from collections.abc import Sequence

from actions.shop.acting import ShopAction
from actions.shop.cart import Cart
from actions.shop.cart_view import show_cart
from actions.shop.showing import line_named
from actions.shop.visit import Visit
from actions.shop.wishes import Wish, read_note
from actions.subjects import shown_order
from actions.turn import Event, Turn, payload
from actions.words import compose
from trade.markup import plain, shorten

MAX_NOTE_SHOWN = 200  # characters


class NoteForMerchant(ShopAction):
    """Notes it and shows the cart; where nothing is in it, says what would have to be there."""

    def name(self) -> str:
        """As in the domain."""
        return "action_note_for_merchant"

    async def answer(self, turn: Turn) -> list[Event]:
        """A question of a form that was open is put again."""
        visit, note = await Visit.of(self, turn), read_note(turn.text)
        if not visit.cart.is_empty and note:
            noted = visit.cart.noted(note)
            if turn.form is None:
                return await show_cart(visit, noted, news(visit, note))
            turn.say("utter_note_taken", note=_shown(note))
            return [noted.event()]
        code = shown_order(turn)
        if code:
            turn.say("utter_note_too_late", code=code)
        else:
            turn.say("utter_note_about_what")
        return []

    def again(self, turn: Turn) -> str:
        """The cart as it is."""
        return payload("show_cart")


def noted(visit: Visit, wishes: Sequence[Wish]) -> tuple[Cart, str] | None:
    """ "Le poulet sans oignons", where it is in the cart: not one more, but how it is to be."""
    if len(wishes) != 1 or not wishes[0].note or wishes[0].quantity is not None:
        return None
    place = line_named(visit.cart, wishes[0])
    return None if place is None else (visit.cart.noted(wishes[0].note, place), wishes[0].note)


def news(visit: Visit, note: str) -> str:
    """What stands above the cart."""
    return compose("shop_noted", visit.language, note=_shown(note))


def _shown(note: str) -> str:
    return shorten(plain(note), MAX_NOTE_SHOWN)
