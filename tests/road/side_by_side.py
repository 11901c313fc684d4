"""Scripts held at the same time: one person's talk is mostly waiting, so others talk meanwhile.

Scripts of one phone follow each other, as they stand in the files. A script that changes something for everybody is
held by itself, after all the others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

AT_ONCE = 4
# What a turn may hold without touching what others see. Anything else, and `alone: true`, makes a script wait.
OF_ONE_PERSON = {
    *("say", "tap", "choose", "location", "contact", "photo", "order", "times", "backend", "expect", "holds"),
    *("moved", "late", "decided", "now", "relais", "days_later", "page", "push", "quote"),
}

type Script = dict[str, Any]


class SideBySide:
    """Holds these scripts in threads; `result` waits for one of them."""

    def __init__(self, scripts: Iterable[Script], hold: Callable[[Script], None]) -> None:
        self._hold = hold
        self._outcomes: dict[int, Future[None]] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE)
        people = defaultdict(list)
        for script in scripts:
            if not is_alone(script):
                self._outcomes[id(script)] = Future()
                people[script["phone"]].append(script)
        for one in sorted(people.values(), key=_turns, reverse=True):
            self._pool.submit(self._hold_all, one)

    def result(self, script: Script) -> None:
        """Raise what went wrong with this script, when it has been held."""
        if is_alone(script):
            wait(self._outcomes.values())
            self._hold(script)
        else:
            self._outcomes[id(script)].result()

    def close(self) -> None:
        """Begin no further one, and wait for those that are being held."""
        self._pool.shutdown(cancel_futures=True)

    def _hold_all(self, scripts: list[Script]) -> None:
        for script in scripts:
            outcome = self._outcomes[id(script)]
            try:
                outcome.set_result(self._hold(script))
            except BaseException as error:  # whatever it was, its test is to raise it
                outcome.set_exception(error)


def is_alone(script: Script) -> bool:
    """Whether others would notice this script."""
    return bool(script.get("alone")) or any(set(turn) - OF_ONE_PERSON for turn in script["turns"])


def _turns(scripts: list[Script]) -> int:
    return sum(len(script["turns"]) for script in scripts)
