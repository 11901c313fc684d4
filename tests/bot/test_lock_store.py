"""One turn at a time per sender, in order, and nothing left behind."""

import asyncio

import pytest
from rasa.core.lock_store import LockError

from relais_bot.lock_store import AsyncioLockStore


async def test_a_sender_is_served_in_order() -> None:
    locks = AsyncioLockStore()
    order: list[int] = []

    async def turn(number: int) -> None:
        async with locks.lock("one"):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*[turn(number) for number in range(50)])

    assert order == list(range(50))


async def test_only_one_is_inside_and_other_senders_do_not_wait() -> None:
    locks = AsyncioLockStore()
    inside = 0

    async def turn() -> None:
        nonlocal inside
        async with locks.lock("one"):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.001)
            inside -= 1

    async with locks.lock("two"):
        await asyncio.gather(*[turn() for _ in range(10)])


async def test_waiting_ends_with_an_error_and_the_holder_goes_on() -> None:
    locks = AsyncioLockStore(wait_seconds=0.05)

    async with locks.lock("one"):
        with pytest.raises(LockError) as caught:
            async with locks.lock("one"):
                pass

    assert "one" not in str(caught.value)
    async with locks.lock("one"):
        pass


async def test_the_entry_goes_with_its_last_user() -> None:
    locks = AsyncioLockStore()
    async with locks.lock("one"):
        assert set(locks._queues) == {"one"}

    assert locks._queues == {}


async def test_a_waiter_that_is_cancelled_leaves_the_queue() -> None:
    locks = AsyncioLockStore()

    async def wait() -> None:
        async with locks.lock("one"):
            pass

    async with locks.lock("one"):
        waiting = [asyncio.create_task(wait()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.gather(waiting[0], return_exceptions=True)
    await asyncio.wait_for(asyncio.gather(*waiting[1:]), 1)

    assert locks._queues == {}


async def test_a_turn_that_raises_lets_the_next_one_in() -> None:
    locks = AsyncioLockStore()
    with pytest.raises(ZeroDivisionError):
        async with locks.lock("one"):
            raise ZeroDivisionError

    async with locks.lock("one"):
        pass
