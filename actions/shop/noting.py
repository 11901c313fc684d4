"""A word on how something is to be, said by itself: it goes onto what is in the cart, for the merchant."""

from collections.abc import Sequence

from rasa_sdk.events import SlotSet

from actions.answers import SKIPPED, takes_note_off
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
#: The forms that ask for a word to the courier, and their slots once it is taken off. A parcel's summary is void then.
NOTES: dict[str | None, dict[str, str | None]] = {
    "checkout_form": {"checkout_note": SKIPPED},
    "parcel_form": {"parcel_note": SKIPPED, "parcel_quote": None},
}


class NoteForMerchant(ShopAction):
    """Notes it and shows the cart; where nothing is in it, says what would have to be there."""

    def name(self) -> str:
        """As in the domain."""
        return "action_note_for_merchant"

    async def answer(self, turn: Turn) -> list[Event]:
        """A question of a form that was open is put again."""
        visit = await Visit.of(self, turn)
        if takes_note_off(turn) and (turn.form in NOTES or not visit.cart.is_empty):
            return await _taken_off(visit)
        note = read_note(turn.text)
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


async def _taken_off(visit: Visit) -> list[Event]:
    """From all that is in the cart; in a form also the word to the courier, after which its question is put again."""
    turn, cart = visit.turn, visit.cart.without_notes()
    if turn.form not in NOTES:
        return await show_cart(visit, cart, compose("shop_notes_off", turn.language))
    turn.say("utter_notes_off")
    return [
        *([] if cart.is_empty else [cart.event()]),
        *(SlotSet(name, value) for name, value in NOTES[turn.form].items()),
    ]


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
