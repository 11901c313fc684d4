"""Brings together what decides the price of an order, and what stands in its way."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from demo.backend.callers import Caller
from demo.backend.contract.orders import OrderWanted
from demo.backend.contract.problems import Code, Obstacle
from demo.backend.contract.shop import Merchant
from demo.backend.contract.values import Place
from demo.backend.distances import Road, road
from demo.backend.pricing import Cart, discount, price_cart, promo_obstacle
from demo.backend.problems import Refusal
from demo.backend.records import businesses, catalogue, orders
from demo.backend.records.businesses import Business

_SEVERAL = Obstacle(code=Code.SEVERAL_MERCHANTS, detail="All lines of an order come from one merchant.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """A cart with everything that decides its price."""

    business: Business
    cart: Cart
    merchant: Merchant | None
    way: Road | None
    discount: Decimal
    promo_code: str | None
    obstacles: tuple[Obstacle, ...]

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.cart.subtotal - self.discount + (self.way.fee if self.way else 0)


def reckon(database: sqlite3.Connection, asked: Caller, wanted: OrderWanted, now: datetime) -> Reckoning:
    """Reckon the cart as things are now."""
    business = businesses.one(database, asked.business)
    shelf = {product.id: product for product in catalogue.products(database, asked.business)}
    cart = price_cart(wanted.lines, shelf, business.currency)
    sellers = {str(shelf[line.product_id].merchant_id) for line in cart.lines}
    several = [_SEVERAL] if len(sellers) > 1 else []
    merchant = None if several or not sellers else catalogue.merchant(database, asked.business, min(sellers), now)
    obstacles = [*cart.obstacles, *several, *_merchant_obstacles(merchant, cart, business)]
    off, promo_code, unusable = _promo(database, asked, wanted.promo_code, cart, merchant, business, now)
    way, unreachable = _way(business, merchant, wanted.dropoff)
    return Reckoning(
        business=business,
        cart=cart,
        merchant=merchant,
        way=way,
        discount=off,
        promo_code=promo_code,
        obstacles=tuple(each for each in (*obstacles, unusable, unreachable) if each is not None),
    )


def _merchant_obstacles(merchant: Merchant | None, cart: Cart, business: Business) -> list[Obstacle]:
    if merchant is None:
        return []
    found = []
    if not merchant.open_now:
        found.append(
            Obstacle(code=Code.MERCHANT_CLOSED, detail=f"{merchant.id} is closed.", opens_at=merchant.opens_at)
        )
    if merchant.minimum is not None and cart.subtotal < merchant.minimum.amount:
        found.append(
            Obstacle(code=Code.BELOW_MINIMUM, detail=f"{merchant.id} takes larger orders.", minimum=merchant.minimum)
        )
    return found


def _promo(
    database: sqlite3.Connection,
    asked: Caller,
    typed: str | None,
    cart: Cart,
    merchant: Merchant | None,
    business: Business,
    now: datetime,
) -> tuple[Decimal, str | None, Obstacle | None]:
    """What it takes off, the code that counts, and why it does not."""
    if not typed:
        return Decimal(0), None, None
    promo = orders.promo(database, asked.business, typed)
    uses = orders.promo_uses(database, asked.business, asked.phone, promo.code) if promo else 0
    merchant_id = merchant.id if merchant else None
    obstacle = promo_obstacle(promo, cart.subtotal, business.currency, merchant_id, uses, now)
    if promo is None or obstacle is not None:
        return Decimal(0), None, obstacle
    return discount(promo, cart.subtotal, business.currency), promo.code, None


def _way(business: Business, merchant: Merchant | None, dropoff: Place | None) -> tuple[Road | None, Obstacle | None]:
    if merchant is None or dropoff is None:
        return None, None
    try:
        return road(business.terms, Place(address=merchant.address), dropoff), None
    except Refusal as refusal:
        return None, refusal.obstacle
