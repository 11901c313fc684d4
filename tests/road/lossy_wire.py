"""A TCP wire between two processes that can lose an answer on its way back."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable

POLL_SECONDS = 0.05


class LossyWire:
    """Forwards connections to a port. After `lose_next_answer` one answer arrives here and goes no further.

    While nobody listens behind it, nobody listens here either: a wire is no reason to take a process for alive.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._on_lost: Callable[[], None] | None = None
        self._is_closed = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.lost = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_next_answer(self, then: Callable[[], None]) -> None:
        """Let the next answer to a turn arrive here, call `then`, and cut the wire instead of passing it on."""
        self._on_lost = then

    def close(self) -> None:
        self._is_closed = True
        _close(self._listening)

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                self._listen_again()
            else:
                threading.Thread(target=self._join, args=(caller,), daemon=True).start()

    def _listen_again(self) -> None:
        while not self._is_closed:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self._to)).close()
                self._listening = socket.create_server(("127.0.0.1", self.port))
                return
            time.sleep(POLL_SECONDS)

    def _join(self, caller: socket.socket) -> None:
        try:
            callee = socket.create_connection(("127.0.0.1", self._to))
        except OSError:
            _close(self._listening)
            caller.close()
            return
        asked = bytearray()
        threading.Thread(target=self._forward, args=(caller, callee, asked), daemon=True).start()
        self._answer(callee, caller, asked)

    def _forward(self, source: socket.socket, target: socket.socket, asked: bytearray) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                asked += data
                target.sendall(data)
        _close(target)

    def _answer(self, callee: socket.socket, caller: socket.socket, asked: bytearray) -> None:
        with contextlib.suppress(OSError):
            while data := callee.recv(65536):
                if self._on_lost is not None and b"/webhooks/whatsapp/turn" in asked:
                    then, self._on_lost = self._on_lost, None
                    then()
                    _close(self._listening)
                    self.lost.set()
                    break
                caller.sendall(data)
                asked.clear()
        _close(caller)
        _close(callee)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
