"""Runs the server's processes: both ports and the worker in one (`serve`), or each apart (`web`, `worker`)."""

import asyncio
import contextlib
import fcntl
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import click
import structlog
import uvicorn
from fastapi import FastAPI

from conversations import claim as turns_claim
from conversations import erasures, media
from notifications import leases as messages_leases
from notifications.plans import due as plans_due
from notifications.topics import fanning_out
from server.alerts.parts import watches
from server.desk.first_link import first_link
from server.heap import spare_what_is_loaded
from server.parts import Parts, build
from server.private import private_app
from server.public import public_app
from server.settings import Settings
from server.watching import metrics_app, start_tracing
from storage.migrate import require_current
from telemetry.tracing import tracing

log = structlog.get_logger()

BACKLOG = 2048
WS_MAX_BYTES = 16 * 1024
GRACE_SECONDS = 10


class CannotStart(Exception):
    """The process cannot start here; the message says what is in the way and how to mend it."""


async def serve(settings: Settings, *, web: bool = True, worker: bool = True) -> None:
    """Run until SIGTERM or SIGINT, then finish what is under way. Raises CannotStart."""
    traced = start_tracing(settings)
    try:
        with contextlib.ExitStack() as held:
            doors = [(app, held.enter_context(_listen(*where))) for app, where in _doors(settings, web, worker)]
            async with _parts(settings, alone=web and worker) as parts:
                if web:
                    await _tell_of_first_link(parts)
                spare_what_is_loaded()
                jobs: list[Awaitable[None]] = []
                stops: list[Callable[[], None]] = []
                for app, listening in doors:
                    server = _http_server(app(parts))
                    jobs.append(server.serve(sockets=[listening]))
                    stops.append(lambda server=server: setattr(server, "should_exit", True))  # type: ignore[misc]
                if worker:
                    for runner in (*parts.runners, *watches(parts)):
                        jobs.append(runner.run())
                        stops.append(runner.stop)
                await _until_stopped(jobs, stops)
    finally:
        if traced:
            tracing.stop()


async def _tell_of_first_link(parts: Parts) -> None:
    """On the terminal, and in no log of ours: whoever opens it first owns the house."""
    link = await first_link(parts.settings, parts.database)
    if link is not None:
        click.echo(f"Nobody runs the desk yet. Open this to become its first admin, within 24 hours:\n  {link}")


type _Door = tuple[Callable[[Parts], FastAPI], tuple[str, str, int]]


def _doors(settings: Settings, web: bool, worker: bool) -> Iterator[_Door]:
    """The apps of a process, each with the setting, host and port that it listens on."""
    if web:
        yield public_app, ("PUBLIC", settings.public_host, settings.public_port)
        yield private_app, ("PRIVATE", settings.private_host, settings.private_port)
    elif worker and settings.metrics_port is not None:
        yield metrics_app, ("METRICS", settings.private_host, settings.metrics_port)


@contextlib.asynccontextmanager
async def _parts(settings: Settings, *, alone: bool) -> AsyncIterator[Parts]:
    with _owning_the_file(settings, alone=alone):
        parts = build(settings)
        try:
            await parts.database.read(require_current)
            if settings.is_on_sqlite:
                # Whoever held a lease is dead, or the lock on the file would not be ours.
                await parts.database.write(turns_claim.forget_leases)
                await parts.database.write(messages_leases.forget_leases)
                await parts.database.write(plans_due.forget_leases)
                await parts.database.write(fanning_out.forget_leases)
                await parts.database.write(media.forget_leases)
                await parts.database.write(erasures.forget_leases)
            yield parts
        finally:
            await parts.close()


async def _until_stopped(jobs: list[Awaitable[None]], stops: list[Callable[[], None]]) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    log.info("server.started")
    running = [asyncio.ensure_future(job) for job in jobs]
    waiting = asyncio.ensure_future(stopping.wait())
    # A job that ends by itself is a fault: the others stop too, and the process is started anew from outside.
    await asyncio.wait([waiting, *running], return_when=asyncio.FIRST_COMPLETED)
    for stop in stops:
        stop()
    waiting.cancel()
    results = await asyncio.gather(*running, return_exceptions=True)
    log.info("server.stopped")
    for result in results:
        if isinstance(result, BaseException):
            raise result


class _Server(uvicorn.Server):
    """A uvicorn server whose signals are ours: two of them share one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _http_server(app: FastAPI) -> uvicorn.Server:
    config: dict[str, Any] = {
        "log_config": None,
        "access_log": False,
        "lifespan": "off",
        "backlog": BACKLOG,
        "server_header": False,
        # Of what a client may say: an inbox token, once.
        "ws_max_size": WS_MAX_BYTES,
        "timeout_graceful_shutdown": GRACE_SECONDS,
    }
    return _Server(uvicorn.Config(app, **config))


@contextlib.contextmanager
def _listen(name: str, host: str, port: int) -> Iterator[socket.socket]:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CannotStart(
            f"Port {port} cannot be used ({error.strerror}); set {name}_PORT to a free one, or stop what holds it. "
            f"The address is {name}_HOST."
        ) from None
    with contextlib.closing(listening):
        yield listening


@contextlib.contextmanager
def _owning_the_file(settings: Settings, *, alone: bool) -> Iterator[None]:
    """On SQLite exactly one `serve` owns the file; PostgreSQL may be shared by any number of processes."""
    if not settings.is_on_sqlite:
        yield
        return
    if not alone:
        raise CannotStart(
            "On SQLite one process does everything: use `./relais serve`, or set DATABASE_URL to PostgreSQL "
            "for separate web and worker processes."
        )
    file = Path(settings.database.database or "relais.db")
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"Another `relais serve` already works on {file.name} in {file.parent.name}/; "
                "stop it first, or set VAR_DIR or DATABASE_URL to another place."
            ) from None
        yield
