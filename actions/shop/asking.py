"""The questions of the shop: which choice, how many, another cart, which promo code."""

from actions.shop.cards import available_choices, choice_name
from actions.shop.filling import open_option
from actions.shop.showing import place_of, quantity_rows
from actions.shop.visit import Visit
from actions.shop.wanted import LINE, OPTION, PROMO, REPLACE, TRIES_UNTIL_BUTTONS, Wanted, all_wanted, settled
from actions.spoken import CustomerAction, SpokenAction
from actions.turn import Event, Row, Turn, payload
from actions.words import compose
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION, MAX_ROW_TITLE, length
from trade.markup import plain, shorten
from trade.products import Option, Product

MAX_NAME = 60  # characters
FEW = (1, 2, 3)  # as many as WhatsApp shows buttons


class AskShopQuestion(CustomerAction):
    """Puts the question that stands in the way; where it has become needless, leaves it."""

    def name(self) -> str:
        """As Rasa wants it for the slot of shop_form."""
        return "action_ask_shop_form_shop_answer"

    async def answer(self, turn: Turn) -> list[Event]:
        """After two answers that were none, the team is offered first."""
        question = turn.slot("shop_question") or {}
        if question.get("attempts", 0) >= TRIES_UNTIL_BUTTONS:
            turn.say("utter_shop_stuck")
        visit = await Visit.of(self, turn)
        if question.get("kind") == PROMO:
            turn.say("utter_ask_promo")
            return []
        if question.get("kind") == LINE:
            return _ask_line(visit, question)
        wanted = all_wanted(turn)
        product = await visit.product(wanted[0].product_id) if wanted else None
        if product is None:
            turn.say("utter_product_gone")
            return settled(turn)
        return _ask_about(visit, question, product, wanted[0])

    def again(self, turn: Turn) -> str:
        """The cart: what was on its way is asked about again."""
        return payload("show_cart")


class LeaveShop(SpokenAction):
    """Leaves the question; what is in the cart stays."""

    def name(self) -> str:
        """As in the domain."""
        return "action_leave_shop"

    async def answer(self, turn: Turn) -> list[Event]:
        """Nothing was added."""
        turn.say("utter_shop_left")
        return settled(turn)


def _ask_line(visit: Visit, question: dict[str, str]) -> list[Event]:
    cart = visit.cart
    place = place_of(cart, question["line"])
    if place is None:
        visit.turn.say("utter_cart_line_gone")
        return settled(visit.turn)
    name = shorten(plain(cart.lines[place].name), MAX_NAME)
    visit.turn.say("utter_cart_line", product=name, buttons=quantity_rows(visit, cart, place))
    return []


def _ask_about(visit: Visit, question: dict[str, object], product: Product, wanted: Wanted) -> list[Event]:
    turn, name = visit.turn, shorten(plain(product.name), MAX_NAME)
    option = open_option(product, wanted)
    if question.get("kind") == REPLACE:
        here, there = plain(visit.cart.merchant or ""), plain(product.merchant or "")
        yes = payload("order_product", product_id=product.id, replace_cart="yes", **_count(wanted))
        turn.say("utter_replace_cart", merchant=shorten(here, MAX_NAME), other=shorten(there, MAX_NAME), yes=yes)
    elif question.get("kind") == OPTION and option is not None:
        label = shorten(plain(option.name), MAX_NAME)
        turn.say("utter_choose_option", product=name, option=label, buttons=_choices(visit, product, option, wanted))
    elif question.get("most") is not None:
        _too_many(visit, product, int(str(question["most"])))
    else:
        buttons: list[Row] = [
            {"title": str(count), "payload": payload("order_product", product_id=product.id, quantity=str(count))}
            for count in FEW
        ]
        turn.say("utter_ask_quantity", product=name, buttons=buttons)
    return []


def _choices(visit: Visit, product: Product, option: Option, wanted: Wanted) -> list[Row]:
    """What is left to choose; passing it over, where one may."""
    left = [choice for choice in available_choices(option) if choice.id not in wanted.choices]
    rows: list[Row] = []
    for choice in left:
        name = choice_name(choice, visit.language)
        row = {
            "title": shorten(name, MAX_ROW_TITLE),
            "payload": payload("order_product", product_id=product.id, choice=choice.id),
        }
        cut = length(name) > MAX_ROW_TITLE
        rows.append(row | ({"description": shorten(name, MAX_ROW_DESCRIPTION)} if cut else {}))
    taken = sum(choice.id in wanted.choices for choice in option.choices)
    if taken >= option.at_least:
        title = compose("shop_row", visit.language, row="done" if taken else "pass")
        rows.append({"title": title, "payload": payload("order_product", product_id=product.id, option=option.id)})
    return rows


def _too_many(visit: Visit, product: Product, most: int) -> None:
    name = shorten(plain(product.name), MAX_NAME)
    if most == 0:
        visit.turn.say("utter_all_in_cart", product=name)
        return
    take = payload("order_product", product_id=product.id, quantity=str(most))
    title = compose("shop_take", visit.language, count=most)
    response = "utter_only_so_many" if product.in_stock is not None else "utter_at_most"
    visit.turn.say(response, product=name, count=str(most), buttons=[{"title": title, "payload": take}])


def _count(wanted: Wanted) -> dict[str, str]:
    return {} if wanted.quantity is None else {"quantity": str(wanted.quantity)}
