"""The bot, killed by its own hand right after it saved a turn: the answer never leaves."""

import os
import signal
from typing import Any

from relais_bot import event_log, server

_append = event_log.EventLog.append


def append_and_die(self: Any, *arguments: Any) -> None:
    _append(self, *arguments)
    os.kill(os.getpid(), signal.SIGKILL)


event_log.EventLog.append = append_and_die
server.main()
