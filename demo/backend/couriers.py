"""Couriers who move by themselves: what customers sent or ordered goes a step further every so many seconds.

What the seed brought waits for a button: there is a mission in every status to ask about.
"""

import contextlib
from datetime import datetime, timedelta

from demo.backend.callers import Clock
from demo.backend.journey import NEXT
from demo.backend.progress import NoSuchMission, NothingFollows, advance
from demo.backend.store import Store, to_text

LOOK_SECONDS = 0.5  # how often it is looked who is due

# The seed's missions cost nothing and bring no order.
_DUE = f"""
    SELECT missions.code FROM missions
      JOIN steps ON steps.mission = missions.code AND steps.status = missions.status
     WHERE missions.status IN ({", ".join("?" * len(NEXT))}) AND reached_at <= ?
       AND (price IS NOT NULL OR EXISTS (SELECT 1 FROM orders WHERE orders.mission = missions.code))
     ORDER BY reached_at
"""  # noqa: S608 - question marks


class Couriers:
    """Move missions whose next step is due."""

    def __init__(self, store: Store, step_seconds: int, clock: Clock) -> None:
        self._store = store
        self._step = timedelta(seconds=step_seconds)
        self._clock = clock

    def turn(self) -> float:
        """Move who is due; seconds until it is looked again."""
        now = self._clock()
        for code in self._due(now):
            # Somebody may have pressed a button meanwhile, or started over.
            with contextlib.suppress(NoSuchMission, NothingFollows):
                advance(self._store, code, now)
        return LOOK_SECONDS

    def _due(self, now: datetime) -> list[str]:
        with self._store.reading() as database:
            rows = database.execute(_DUE, (*NEXT, to_text(now - self._step))).fetchall()
        return [row["code"] for row in rows]
