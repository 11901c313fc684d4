"""Runs the app on a loopback port, and stops without waiting for open pages."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from fastapi import FastAPI

from channels.whatsapp.emulator.parts import Parts
from channels.whatsapp.emulator.problems import PortTaken
from channels.whatsapp.emulator.settings import LOOPBACK

GRACE_SECONDS = 3
# Longer than any client keeps an idle connection: else a send could meet one that is just being closed.
KEEP_ALIVE_SECONDS = 75
TICK_SECONDS = 0.1  # how soon a signal is noticed


class EmulatorServer(uvicorn.Server):
    """Lets go of pages that listen for events before it waits for connections to end.

    Uvicorn stops by sleeping a tenth of a second here and there, which a suite would pay for in each of its tests:
    this one stops as soon as nothing is left to wait for.
    """

    def __init__(self, app: FastAPI) -> None:
        # Addresses hold phone numbers, and no log may: no access log.
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                log_level="warning",
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                server_header=False,
            )
        )
        self._parts: Parts = app.state.parts
        self._told = asyncio.Event()

    def stop(self) -> None:
        """End `serve` at once; to be called from its loop."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # 0: each tick renews the Date header
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._parts.feed.close()
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                if self.server_state.tasks:
                    await asyncio.wait(self.server_state.tasks)
                for server in self.servers:
                    await server.wait_closed()
        except TimeoutError:
            for task in list(self.server_state.tasks):
                task.cancel()
        await self.lifespan.shutdown()


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
            await asyncio.sleep(0.001)
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        app.state.parts.links.address = address
        yield address
    finally:
        server.stop()
        await task
