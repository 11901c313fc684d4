"""Carts as a conversation holds them, for tests of the shop."""

from typing import Any

from actions.shop.cart import Cart, CartLine

WIVINES = ("maman-wivine", "Chez Maman Wivine")
CHICKEN = CartLine(product_id="poulet-mayo", name="Poulet Mayo", quantity=2)
BREAD = CartLine(product_id="chikwangue", name="Chikwangue")


def slot(*lines: CartLine, merchant: tuple[str, str] = WIVINES, promo_code: str | None = None) -> Any:
    """The slot `cart` with these in it."""
    cart = Cart(promo_code=promo_code)
    for line in lines:
        cart = cart.add(line, *merchant)
    return cart.event()["value"]


def in_cart(slots: dict[str, Any]) -> list[tuple[str, int, list[str]]]:
    """What the cart holds after an action: ids, quantities, choices."""
    return [
        (line["product_id"], line["quantity"], line["choices"]) for line in (slots["cart"] or {"lines": []})["lines"]
    ]
