"""Does something again and again in a thread of its own, beside the requests."""

import threading
from collections.abc import Callable

END_SECONDS = 1.0  # what is under way may end within this

type Turn = Callable[[], float]


class Beside:
    """One such thing; `turn` does a bit of it and says in how many seconds the next bit is due."""

    def __init__(self, name: str, turn: Turn) -> None:
        self._turn = turn
        self._ends = threading.Event()
        # A daemon: a call that nobody answers must not keep the process alive.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no further turn."""
        self._ends.set()
        self._thread.join(END_SECONDS)

    def _run(self) -> None:
        while not self._ends.is_set():
            self._ends.wait(self._turn())
