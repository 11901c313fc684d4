"""`python -m channels.whatsapp.emulator`: starts the emulator, or says in one sentence why not."""

import logging
import sys
from contextlib import suppress

import structlog

from channels.whatsapp.emulator.app import create_app
from channels.whatsapp.emulator.problems import EmulatorProblem
from channels.whatsapp.emulator.serving import EmulatorServer, listen
from channels.whatsapp.emulator.settings import LOOPBACK, load_settings


def main() -> int:
    try:
        settings = load_settings()
        _log_to_stdout(settings.log_level)
        with listen(settings.emulator_port) as listener:
            server = EmulatorServer(create_app(settings))
            sys.stdout.write(f"Phone page: http://{LOOPBACK}:{settings.emulator_port}/\n")
            sys.stdout.flush()
            with suppress(KeyboardInterrupt):  # Ctrl-C is the usual way to stop it
                server.run(sockets=[listener])
    except EmulatorProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _log_to_stdout(level: str) -> None:
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(number))


if __name__ == "__main__":
    sys.exit(main())
