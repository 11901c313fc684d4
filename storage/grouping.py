"""Group commit: what arrives while one transaction is on its way to the disk waits and shares the next one.

What comes alone is done at once, unless whoever asks says that more is on its way. One bad item spoils the transaction
it shares, so that a group that fails is done again one by one, and each waiter is told its own result or error.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from storage.database import StorageError

GROUP_LIMIT: Final = 64
"""The most items of one group unless said otherwise: the last one of them waits for all. Our choice."""


@dataclass(frozen=True, slots=True)
class _Waiting[Item, Result]:
    item: Item
    done: asyncio.Future[Result]

    def refuse(self, error: BaseException) -> None:
        if not self.done.done():
            self.done.set_exception(error)

    def tell(self, result: Result) -> None:
        # Whoever asked may have gone away meanwhile.
        if not self.done.done():
            self.done.set_result(result)


class Grouped[Item, Result]:
    """Does items in groups, in the order of their arrival."""

    def __init__(
        self,
        together: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        alone: Callable[[Item], Awaitable[Result]] | None = None,
        limit: int = GROUP_LIMIT,
        weigh: Callable[[Item], int] = lambda item: 1,
        at_once: int = 1,
        gather: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`together` does a group in one transaction and returns a result for each item, in their order.

        `alone` does one item of a group that failed; without it, `together` gets it by itself. A group weighs at most
        `limit`, unless one item alone weighs more. `at_once` groups are under way side by side: more than one only
        where neither their order matters nor one writer does everything. `gather` tells for how many seconds a group
        that is not full waits for others: none, unless it is known that they are coming.
        """
        self._together = together
        self._alone = alone
        self._limit = limit
        self._weigh = weigh
        self._at_once = at_once
        self._gather = gather
        self._waiting: deque[_Waiting[Item, Result]] = deque()
        self._working: set[asyncio.Task[None]] = set()

    async def do(self, item: Item) -> Result:
        """Return the item's own result once it is committed.

        Raises what doing it alone raises; StorageError where the database cannot commit now: nothing of it was done.
        """
        return await self.submit(item)

    def submit(self, item: Item) -> asyncio.Future[Result]:
        """The same for who waits for it later, or not at all."""
        one: _Waiting[Item, Result] = _Waiting(item, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        if len(self._working) < self._at_once:
            task = asyncio.create_task(self._work())
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return one.done

    async def _work(self) -> None:
        while self._waiting:
            if len(self._waiting) < self._limit and (seconds := self._gather()) > 0.0:
                await asyncio.sleep(seconds)
            if self._waiting:
                await self._do(self._next_group())
        # Gone before the callback says so: what arrives from here on starts a task of its own.
        self._working.discard(asyncio.current_task())

    def _next_group(self) -> list[_Waiting[Item, Result]]:
        group = [self._waiting.popleft()]
        weight = self._weigh(group[0].item)
        while self._waiting:
            weight += self._weigh(self._waiting[0].item)
            if weight > self._limit:
                break
            group.append(self._waiting.popleft())
        return group

    async def _do(self, group: list[_Waiting[Item, Result]]) -> None:
        """Whatever happens, everybody in the group is told."""
        try:
            results = await self._together([each.item for each in group])
        except Exception as error:
            await self._do_each(group, error)
            return
        for each, result in zip(group, results, strict=True):
            each.tell(result)

    async def _do_each(self, group: list[_Waiting[Item, Result]], error: Exception) -> None:
        """One of them is to blame, or somebody else held what it needs; a database that is away refuses all."""
        if len(group) == 1 and self._alone is None:
            group[0].refuse(error)
            return
        away: StorageError | None = None
        for each in group:
            if away is not None:
                each.refuse(away)
                continue
            try:
                each.tell(await self._do_alone(each.item))
            except StorageError as found:
                away = found
                each.refuse(found)
            except Exception as found:
                each.refuse(found)

    async def _do_alone(self, item: Item) -> Result:
        if self._alone is not None:
            return await self._alone(item)
        return (await self._together([item]))[0]
