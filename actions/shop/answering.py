"""What a person answers to a question of the shop; what answers nothing is taken for what it says by itself."""

from dataclasses import replace

from rasa_sdk.events import FollowupAction, SlotSet

from actions.questions import answers_another
from actions.shop.acting import ShopAction
from actions.shop.cards import available_choices
from actions.shop.cart import MAX_QUANTITY, both
from actions.shop.cart_view import show_cart
from actions.shop.filling import fill, open_option
from actions.shop.knowing import shop_action
from actions.shop.matching import covers
from actions.shop.ordering import find_wanted, order, order_named
from actions.shop.promo import read_code, use_code
from actions.shop.showing import place_of
from actions.shop.visit import Visit
from actions.shop.wanted import LINE, OPTION, PROMO, REPLACE, TRIES_UNTIL_HUMAN, Wanted, all_wanted, ask
from actions.shop.wishes import read_answer, read_note, read_wishes
from actions.turn import Event, Turn, payload

#: What is answered by its own action where it answers no question.
ELSEWHERE = {
    "browse_products": "action_browse_products",
    "price_question": "action_price_question",
    "promo_code": "action_promo_code",
}
FORGOTTEN: list[Event] = [SlotSet(name, None) for name in ("shop_answer", "shop_question", "shop_wanted")]


class AnswerShop(ShopAction):
    """Takes the answer, and goes on with what it was asked for."""

    def name(self) -> str:
        """As in the domain."""
        return "action_shop_answer"

    async def answer(self, turn: Turn) -> list[Event]:
        """The form is over when this runs: it is begun again where there is another question."""
        visit = await Visit.of(self, turn)
        if turn.is_tapped and turn.intent in ELSEWHERE:
            return [*FORGOTTEN, FollowupAction(ELSEWHERE[turn.intent])]
        if turn.is_tapped and turn.intent == "order_product":
            return [*FORGOTTEN, *await order(visit)]
        if answers_another(turn):
            return [*FORGOTTEN, FollowupAction("action_affirm")]
        question = turn.slot("shop_question") or {}
        wanted, note = all_wanted(turn), read_note(turn.text)
        if note and wanted and not turn.is_tapped:
            return ask(question, (replace(wanted[0], note=both(wanted[0].note, note)), *wanted[1:]))
        taken = await _take(visit, question)
        if taken is not None:
            return [*FORGOTTEN, *taken]
        if (action := await _elsewhere(visit)) is not None:
            return [*FORGOTTEN, FollowupAction(action)]
        attempts = question.get("attempts", 0) + 1
        if attempts >= TRIES_UNTIL_HUMAN:
            return [*FORGOTTEN, FollowupAction("action_human_agent")]
        return ask(question | {"attempts": attempts}, wanted)

    def again(self, turn: Turn) -> str:
        """The cart as it is."""
        return payload("show_cart")

    def forget(self) -> list[Event]:
        """The question is over."""
        return FORGOTTEN


async def _elsewhere(visit: Visit) -> str | None:
    """What answers the message where it says something else: a product, a price, a look around."""
    turn = visit.turn
    if turn.intent in ELSEWHERE:
        return ELSEWHERE[turn.intent]
    named = any(wish.words for wish in read_wishes(turn.text))
    if turn.intent == "order_product" and named:
        return "action_order_product"
    return await shop_action(visit) if named and turn.intent in ("nlu_fallback", "out_of_scope") else None


async def _take(visit: Visit, question: dict[str, str]) -> list[Event] | None:
    """What follows from the answer; None where it is none."""
    turn, kind = visit.turn, question.get("kind")
    if turn.entity("step_back"):
        return _left(visit)
    if kind == PROMO:
        code = read_code(turn.text, is_asked=True)
        return _left(visit) if turn.intent == "deny" else await use_code(visit, code) if code else None
    if kind == LINE:
        return await _take_line(visit, question["line"])
    wanted = all_wanted(turn)
    if not wanted:
        return _left(visit)
    if kind == REPLACE:
        return await _take_replacing(visit, wanted)
    if kind == OPTION:
        return await _take_choice(visit, wanted)
    return await _take_quantity(visit, wanted)


def _left(visit: Visit) -> list[Event]:
    visit.turn.say("utter_shop_left")
    return []


async def _take_line(visit: Visit, name: str) -> list[Event] | None:
    cart = visit.cart
    place = place_of(cart, name)
    if visit.turn.intent == "deny" or place is None:
        return await show_cart(visit, cart)
    counts = [wish.quantity for wish in read_wishes(visit.turn.text) if wish.quantity is not None]
    return await show_cart(visit, cart.with_quantity(place, min(counts[0], MAX_QUANTITY))) if counts else None


async def _take_replacing(visit: Visit, wanted: tuple[Wanted, ...]) -> list[Event] | None:
    match visit.turn.intent:
        case "affirm":
            return await fill(visit, (replace(wanted[0], may_replace=True), *wanted[1:]))
        case "deny":
            return await show_cart(visit, visit.cart)
    return None


async def _take_choice(visit: Visit, wanted: tuple[Wanted, ...]) -> list[Event] | None:
    first = wanted[0]
    product = await visit.product(first.product_id)
    option = open_option(product, first) if product else None
    if product is None or option is None:
        return await fill(visit, wanted)
    choices = [choice for choice in available_choices(option) if choice.id not in first.choices]
    words = " ".join(wish.words or str(wish.quantity) for wish in read_wishes(visit.turn.text))
    meant = [choice for choice in choices if covers(words, choice.name)]
    if not meant and words.isdigit() and 1 <= int(words) <= len(choices):
        meant = [choices[int(words) - 1]]
    if meant:
        return await fill(visit, (replace(first, choices=(*first.choices, meant[0].id)), *wanted[1:]))
    taken = sum(choice.id in first.choices for choice in option.choices)
    if taken >= option.at_least and (visit.turn.intent == "deny" or visit.turn.entity("skipping")):
        return await fill(visit, (replace(first, passed=(*first.passed, option.id)), *wanted[1:]))
    return _left(visit) if visit.turn.intent == "deny" else None


async def _take_quantity(visit: Visit, wanted: tuple[Wanted, ...]) -> list[Event] | None:
    """ "Deux", "2 et un coca"; another product instead begins anew."""
    if visit.turn.intent == "deny":
        return _left(visit)
    wishes = read_answer(visit.turn.text)
    product = await visit.product(wanted[0].product_id)
    if product is None:
        return await fill(visit, wanted)
    if wishes and wishes[0].quantity is not None and (not wishes[0].words or covers(wishes[0].words, product.name)):
        note = both(wanted[0].note, wishes[0].note) if wishes[0].note else wanted[0].note
        first = replace(wanted[0], quantity=wishes[0].quantity, note=note)
        return await fill(visit, (first, *wanted[1:], *await find_wanted(visit, wishes[1:])))
    named = tuple(wish for wish in wishes if wish.words)
    if visit.turn.intent == "order_product" and named:
        return await order_named(visit, named)
    return None
