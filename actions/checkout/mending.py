"""What stands in the way of ordering a cart: what can be put right by itself, and what the person must decide. Pure."""

from dataclasses import dataclass, replace

from actions.shop.cart import Cart
from trade.money import Money
from trade.orders import OrderQuote
from trade.problems import Problem, ProblemCode

#: What a backend says of a place, and what the question for it then says.
PLACE_PROBLEMS: dict[str, str] = {ProblemCode.ADDRESS_UNCLEAR: "unclear", ProblemCode.OUTSIDE_AREA: "outside"}
PROMO_PROBLEMS: dict[str, str] = {
    ProblemCode.PROMO_UNKNOWN: "promo_unknown",
    ProblemCode.PROMO_EXPIRED: "promo_expired",
    ProblemCode.PROMO_USED: "promo_used",
    ProblemCode.PROMO_NOT_APPLICABLE: "promo_not_applicable",
}
#: What only another cart or another hour helps against, the worst first.
STOPPING = (
    ProblemCode.MERCHANT_CLOSED,
    ProblemCode.SEVERAL_MERCHANTS,
    ProblemCode.CHOICES_WRONG,
    ProblemCode.BELOW_MINIMUM,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something about the cart that is not as the person left it."""

    kind: str  # fewer, gone, or one of PROMO_PROBLEMS
    name: str  # of the product, or the promo code
    left: int | None = None  # fewer: how many there are
    minimum: Money | None = None  # promo_not_applicable


def mend(cart: Cart, quote: OrderQuote) -> tuple[Cart, tuple[Change, ...]]:
    """The cart with what there still is, and what had to be changed about it."""
    changes: list[Change] = []
    for problem in quote.problems:
        if problem.code in (ProblemCode.OUT_OF_STOCK, ProblemCode.PRODUCT_GONE):
            name = next((line.name for line in cart.lines if line.product_id == problem.product_id), "")
            left = (problem.in_stock or 0) if problem.code == ProblemCode.OUT_OF_STOCK else 0
            cart = _at_most(cart, problem.product_id, left)
            changes.append(Change(kind="fewer" if left else "gone", name=name, left=left))
        elif problem.code in PROMO_PROBLEMS and cart.promo_code:
            kind = PROMO_PROBLEMS[problem.code]
            changes.append(Change(kind=kind, name=cart.promo_code, minimum=problem.minimum))
            cart = cart.with_promo(None)
    return cart, tuple(changes)


def stopping(quote: OrderQuote) -> Problem | None:
    """What nobody but the person can put right, the worst first."""
    found = {problem.code: problem for problem in reversed(quote.problems)}
    return next((found[code] for code in STOPPING if code in found), None)


def place_problem(quote: OrderQuote) -> str | None:
    """Why the address will not do."""
    return next((PLACE_PROBLEMS[each.code] for each in quote.problems if each.code in PLACE_PROBLEMS), None)


def _at_most(cart: Cart, product_id: str | None, left: int) -> Cart:
    """A product may stand in several lines, with other choices in each: the first ones keep theirs."""
    lines = []
    for line in cart.lines:
        kept = min(line.quantity, left) if line.product_id == product_id else line.quantity
        left -= kept if line.product_id == product_id else 0
        lines += [replace(line, quantity=kept)] if kept else []
    return replace(cart, lines=tuple(lines)) if lines else Cart(promo_code=cart.promo_code)
