"""Starts the bot and keeps it running: `python -m relais_bot.launcher`.

One child serves the model (`relais_bot.server`). When it dies it is started again, after a pause that grows while
it keeps dying. On SIGTERM and SIGINT it may finish its turns, then it is gone; when this process is killed, it is
killed too.
"""

import argparse
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from relais_bot.refusals import EXIT_REFUSED, MODEL_MISSING, PORT_TAKEN, Refused
from relais_bot.settings import HOST, Settings

logger = logging.getLogger("relais_bot.launcher")

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
#: A child that lived this long was well; the pauses start small again.
HEALTHY_SECONDS = 60.0
#: The child finishes its turns within 20 s.
PATIENCE_SECONDS = 25.0


def main() -> None:
    logging.basicConfig(format="%(message)s", stream=sys.stdout, level=logging.INFO)
    options = _options()
    try:
        settings = Settings.from_env(os.environ)
        require_startable(settings, options.model)
    except Refused as error:
        sys.exit(str(error))
    sys.exit(Launcher(_command(options.model)).run())


def require_startable(settings: Settings, model: Path) -> None:
    """What can be said in a sentence is said before anything slow begins."""
    if not model.exists():
        raise Refused(MODEL_MISSING.format(model=model))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise Refused(PORT_TAKEN.format(port=settings.port)) from error


class Launcher:
    """One child at a time, until told to stop."""

    def __init__(self, command: list[str], first_pause_seconds: float = FIRST_PAUSE_SECONDS) -> None:
        self._command = command
        self._first_pause = first_pause_seconds
        self._stopping = False
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """The exit code of this process: 0 when it was told to stop, 1 when the child refused to start."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGALRM, self._lose_patience)
        pause = self._first_pause
        while not self._stopping:
            started = time.monotonic()
            code = self._run_child()
            if code == EXIT_REFUSED:
                return 1
            if time.monotonic() - started > HEALTHY_SECONDS:
                pause = self._first_pause
            if not self._stopping:
                logger.info(f"The bot {_ended(code)}; it starts again in {pause:g} s.")
                self._rest(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        return 0

    def _run_child(self) -> int:
        logger.info("Starting the bot: Rasa takes a few seconds to load.")
        # A group of its own: Ctrl-C in a terminal reaches the launcher alone, which then ends the child in order.
        self._child = subprocess.Popen(self._command, env=_child_environment(), start_new_session=True)
        if self._stopping:  # told so while the child was being made
            self._child.terminate()
        return self._child.wait()

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < end:
            time.sleep(0.05)

    def _stop(self, *_: object) -> None:
        self._stopping = True
        if self._child is not None:
            self._child.terminate()
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)

    def _lose_patience(self, *_: object) -> None:
        if self._child is not None and self._child.returncode is None:
            os.killpg(self._child.pid, signal.SIGKILL)


def _command(model: Path) -> list[str]:
    server = [sys.executable, "-W", "ignore", "-m", "relais_bot.server"]
    return [*server, "--model", str(model), "--parent", str(os.getpid())]


def _child_environment() -> dict[str, str]:
    package_root = str(Path(__file__).resolve().parent.parent)
    python_path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [package_root, python_path]))}


def _ended(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m relais_bot.launcher", description=__doc__.splitlines()[0])
    models = Path(os.environ.get("MODELS_DIR") or "models")
    parser.add_argument("--model", type=Path, default=models / "current.tar.gz")
    return parser.parse_args()


if __name__ == "__main__":
    main()
