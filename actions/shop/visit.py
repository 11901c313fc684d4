"""One visit to the shop: who asks, where, and what the backend knows of it. Empty where it does not offer a call."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from actions.people import Person
from actions.shop.cart import Cart
from actions.shop.matching import hits, touches, translated
from actions.shop.wishes import Wish
from actions.spoken import CustomerAction
from actions.turn import Turn
from backend import BackendClient, Customer, NotFound, Page
from trade.markup import plain, shorten
from trade.merchants import Category, Merchant
from trade.products import Product

SEARCH_LIMIT = 20
MAX_WORDS_SHOWN = 60  # characters of what was searched for


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found: what is meant, or, where nothing is, what comes close."""

    words: str  # what was searched for, in the language in which it was found
    products: tuple[Product, ...] = ()
    near: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A turn in the shop."""

    turn: Turn
    backend: BackendClient
    customer: Customer
    person: Person
    now: datetime

    @classmethod
    async def of(cls, action: CustomerAction, turn: Turn) -> Self:
        """Raises what `people` raises."""
        return cls(
            turn=turn,
            backend=action.backend,
            customer=await action.people.customer(turn.sender_id),
            person=await action.people.person(turn.sender_id),
            now=datetime.now(UTC),
        )

    @property
    def language(self) -> str:
        """The language to answer in."""
        return self.turn.language

    @property
    def cart(self) -> Cart:
        """As it was before this turn."""
        return Cart.of(self.turn)

    async def categories(self) -> tuple[Category, ...]:
        """The kinds of shop."""
        return await _or(self.backend.categories(self.customer), ())

    async def merchants(self, query: str | None = None, category_id: str | None = None) -> tuple[Merchant, ...]:
        """Who sells; without a query, those that are open first."""
        asked = self.backend.merchants(self.customer, query, category_id=category_id, limit=SEARCH_LIMIT)
        found = (await _or(asked, Page(items=(), next_cursor=None))).items
        return found if query else tuple(sorted(found, key=lambda merchant: not merchant.open_now))

    async def merchant(self, merchant_id: str) -> Merchant | None:
        """One merchant."""
        return await _or(self.backend.merchant(self.customer, merchant_id), None)

    async def product(self, product_id: str) -> Product | None:
        """One product."""
        return await _or(self.backend.product(self.customer, product_id), None)

    async def find(self, wish: Wish, merchant_id: str | None = None) -> Found:
        """The products that are meant; those of this merchant alone, where it has some."""
        asked = self.backend.products(self.customer, wish.words, limit=SEARCH_LIMIT)
        known = await _or(asked, ())
        found, words = hits(wish.words, known), wish.words
        if not found and (other := translated(wish.words)):
            abroad = await self.backend.products(self.customer, other, limit=SEARCH_LIMIT)
            found, known, words = hits(other, abroad), known or abroad, other
        shown = self.turn.slot("shown_products") or ()
        for narrower in (
            tuple(each for each in found if each.id in shown),
            tuple(each for each in found if wish.size and wish.size.replace(" ", "") in each.name.replace(" ", "")),
            tuple(each for each in found if merchant_id and each.merchant_id == merchant_id),
        ):
            found = narrower or found
        near = () if found else tuple(each for each in known if touches(f"{wish.words} {words}", each.name))
        return Found(words=words, products=found, near=near)

    async def find_with_merchants(self, wish: Wish) -> tuple[Found, tuple[Merchant, ...]]:
        """Products and merchants that the words may mean."""
        return await asyncio.gather(self.find(wish), self.merchants(wish.words))


def searched(words: str) -> str:
    """What was searched for, as it may be said again."""
    return shorten(plain(words), MAX_WORDS_SHOWN)


async def _or[Value](asked: Awaitable[Value], otherwise: Value) -> Value:
    try:
        return await asked
    except NotFound:
        return otherwise
