"""Runs the app on a loopback port, and stops without waiting for open pages."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from channels.whatsapp.emulator.parts import Parts
from channels.whatsapp.emulator.problems import PortTaken
from channels.whatsapp.emulator.settings import LOOPBACK

GRACE_SECONDS = 3
# Longer than any client keeps an idle connection: else a send could meet one that is just being closed.
KEEP_ALIVE_SECONDS = 75


class EmulatorServer(uvicorn.Server):
    """Lets go of pages that listen for events before it waits for connections to end."""

    def __init__(self, app: FastAPI) -> None:
        # Addresses hold phone numbers, and no log may: no access log.
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                log_level="warning",
                timeout_graceful_shutdown=GRACE_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                server_header=False,
            )
        )
        self._parts: Parts = app.state.parts

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._parts.feed.close()
        await super().shutdown(sockets)


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; raises PortTaken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"The emulator cannot listen on {LOOPBACK}:{port} ({error.strerror}): set EMULATOR_PORT to a free port."
        ) from None
    return listener


@asynccontextmanager
async def running(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """Serve the app inside this program, by default on a free port: `async with running(app) as address`."""
    listener = listen(port)
    server = EmulatorServer(app)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells it by this flag alone
            await asyncio.sleep(0.01)
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
