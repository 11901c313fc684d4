"""A person's orders and deliveries in one list, newest first."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial

from actions.subjects.kinds import Subject, brings_an_order
from backend import BackendClient, Customer, NotFound, Page
from trade.missions import Mission
from trade.orders import Order

LATEST_LOOKED_AT = 10  # of each kind, as the contract's lists have by default
PAGE = 50  # the contract's largest
PAGES = 20  # of each kind: who has more than a thousand asks the team


#: When it was asked for, and its code where several were asked for at once: what decides the order of a list.
type Age = tuple[datetime, str]


def age(subject: Subject) -> Age:
    """The place of one in a list of all."""
    return subject.created_at, subject.code


async def newest(backend: BackendClient, customer: Customer, limit: int = LATEST_LOOKED_AT) -> tuple[Subject, ...]:
    """The newest orders and deliveries, at most `limit` of each, newest first; none is there twice."""
    orders, missions = await asyncio.gather(
        _page(backend.orders(customer, limit)), _page(backend.mission_page(customer, limit))
    )
    return _merged(orders.items, missions.items)


async def older(backend: BackendClient, customer: Customer, before: Age | None, count: int) -> tuple[Subject, ...]:
    """The `count` newest of what comes after `before`, orders and deliveries together."""
    orders, missions = await asyncio.gather(
        _older(partial(backend.orders, customer, PAGE), before, count),
        _older(partial(backend.mission_page, customer, PAGE), before, count),
    )
    return _merged(orders, missions)[:count]


async def _older[Item: Mission | Order](
    page: Callable[[str | None], Awaitable[Page[Item]]], before: Age | None, count: int
) -> list[Item]:
    """Page after page until there are enough; a delivery that brings an order counts for nothing."""
    found: list[Item] = []
    cursor: str | None = None
    for _ in range(PAGES):
        got = await _page(page(cursor))
        own = (each for each in got.items if not brings_an_order(each))
        found += [each for each in own if before is None or age(each) < before]
        cursor = got.next_cursor
        if len(found) >= count or cursor is None:
            break
    return found


async def _page[Item](asked: Awaitable[Page[Item]]) -> Page[Item]:
    """A business that has no shop, or brings nothing, answers 404: there is nothing of that kind."""
    try:
        return await asked
    except NotFound:
        return Page(items=(), next_cursor=None)


def _merged(orders: Iterable[Order], missions: Iterable[Mission]) -> tuple[Subject, ...]:
    parcels = (mission for mission in missions if not brings_an_order(mission))
    return tuple(sorted((*orders, *parcels), key=age, reverse=True))
